const NAMES: Readonly<Record<string, string>> = {
  suricata: 'Suricata',
  wazuh: 'Wazuh',
  elastic: 'Elastic',
  manual: 'A person',
  prowler: 'Prowler',
};

/** A product as people write it; one that is not known keeps its own word with a capital. */
export function productName(product: string): string {
  return NAMES[product] ?? product.charAt(0).toUpperCase() + product.slice(1);
}
