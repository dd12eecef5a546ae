/** Given and family names from the places where a freight company of the Rhine, the Baltic and the Tagus hires. All invented pairs. */
export const NAME_POOLS: readonly { given: readonly string[]; family: readonly string[] }[] = [
  {
    given: ['Sanne', 'Daan', 'Femke', 'Bram', 'Lotte', 'Jeroen', 'Anouk', 'Sven', 'Maaike', 'Thijs'],
    family: ['de Vries', 'Bakker', 'Visser', 'Smit', 'Mulder', 'Bos', 'Dekker', 'Hoekstra', 'Kuipers', 'Postma'],
  },
  {
    given: ['Agnieszka', 'Piotr', 'Katarzyna', 'Tomasz', 'Zofia', 'Marek', 'Ewa', 'Bartosz', 'Hanna', 'Jakub'],
    family: ['Nowak', 'Wójcik', 'Kamińska', 'Zieliński', 'Szymańska', 'Dąbrowski', 'Pawlak', 'Górski', 'Maj', 'Sikora'],
  },
  {
    given: ['Inês', 'João', 'Beatriz', 'Rui', 'Catarina', 'Nuno', 'Marta', 'Tiago', 'Leonor', 'Diogo'],
    family: ['Ferreira', 'Almeida', 'Lopes', 'Carvalho', 'Teixeira', 'Moreira', 'Pinto', 'Rocha', 'Cunha', 'Barros'],
  },
  {
    given: ['Amina', 'Yusuf', 'Elif', 'Kerem', 'Leyla', 'Omar', 'Samira', 'Tariq', 'Dunya', 'Hamza'],
    family: ['Yılmaz', 'Demir', 'El Amrani', 'Benali', 'Şahin', 'Haddad', 'Aydın', 'Mansour', 'Kaya', 'Rahimi'],
  },
  {
    given: ['Priya', 'Arjun', 'Meera', 'Vikram', 'Ananya', 'Rohan', 'Lakshmi', 'Sanjay', 'Divya', 'Kiran'],
    family: ['Nair', 'Iyer', 'Patel', 'Reddy', 'Banerjee', 'Chauhan', 'Menon', 'Joshi', 'Rao', 'Sethi'],
  },
  {
    given: ['Chiamaka', 'Emeka', 'Abena', 'Kwame', 'Wanjiru', 'Thabo', 'Zanele', 'Ifeoma', 'Sipho', 'Akinyi'],
    family: ['Okafor', 'Mensah', 'Kamau', 'Dlamini', 'Adeyemi', 'Owusu', 'Nkosi', 'Otieno', 'Balogun', 'Asante'],
  },
  {
    given: ['Linh', 'Minh', 'Mei', 'Jun', 'Haruka', 'Kenji', 'Ji-woo', 'Min-ho', 'Xiu', 'Wei'],
    family: ['Nguyen', 'Tran', 'Chen', 'Zhang', 'Sato', 'Mori', 'Park', 'Choi', 'Lin', 'Huang'],
  },
  {
    given: ['Camila', 'Mateo', 'Valentina', 'Andrés', 'Lucía', 'Santiago', 'Paloma', 'Joaquín', 'Renata', 'Iker'],
    family: ['Quispe', 'Rojas', 'Vargas', 'Morales', 'Castillo', 'Fuentes', 'Navarro', 'Ibáñez', 'Salazar', 'Peña'],
  },
  {
    given: ['Oksana', 'Andriy', 'Ieva', 'Mantas', 'Katrin', 'Rasmus', 'Signe', 'Aleksi', 'Freya', 'Oskar'],
    family: ['Kovalenko', 'Shevchuk', 'Kazlauskas', 'Tamm', 'Lindqvist', 'Virtanen', 'Holm', 'Berg', 'Ozols', 'Melnyk'],
  },
];

const UNDECOMPOSED: Readonly<Record<string, string>> = { ł: 'l', ı: 'i', ø: 'o', ß: 'ss', đ: 'd', æ: 'ae' };

/** `Zieliński` to `zielinski`, as account names are made of names. */
export function accountPart(name: string): string {
  return name
    .toLowerCase()
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .replace(/[łıøßđæ]/g, (letter) => UNDECOMPOSED[letter] ?? letter)
    .replace(/[^a-z]/g, '');
}
