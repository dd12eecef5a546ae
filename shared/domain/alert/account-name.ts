/** `SOCLAB\\snell` is account `snell` of domain `SOCLAB`; `snell@corp.example` keeps its principal name. */
export function splitAccount(user: string): { domain: string | null; name: string } {
  const cut = user.lastIndexOf('\\');
  if (cut < 0) return { domain: null, name: user };
  const name = user.slice(cut + 1);
  const domain = user.slice(0, cut);
  if (name === '') return { domain: null, name: user };
  return { domain: domain === '' ? null : domain, name };
}
