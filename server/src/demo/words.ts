/** Invented first names. */
export const NAMES = [
  'Aldena',
  'Brisko',
  'Calwen',
  'Dorimo',
  'Elvira Jo',
  'Fennik',
  'Galiana',
  'Hestor',
  'Ilmara',
  'Jorvan',
  'Kesia',
  'Lumo',
  'Maribel Ok',
  'Nerio',
  'Oleana',
  'Pavka',
  'Quilla',
  'Rovan',
  'Sanniko',
  'Tilwyn',
  'Ulmera',
  'Vesko',
  'Wiladra',
  'Xanten',
  'Yelmi',
  'Zorrin',
  'Amberlo',
  'Corvelle',
  'Ditmara',
  'Esko',
  'Florimel',
  'Hanniver',
] as const;

/** What a bio begins with. */
export const TRADES = [
  'Bridge painter',
  'Bakes before sunrise',
  'Lighthouse keeper in training',
  'Cartographer',
  'Repairs accordions',
  'Night-train conductor',
  'Botanist',
  'Glassblower',
  'Teaches physics',
  'Ferry captain',
  'Archivist',
  'Beekeeper',
] as const;

/** What follows “I like” in a bio. */
export const LIKES = [
  'long walks that end at a bakery',
  'mountains with a lake in front',
  'bowls of fruit, painted badly',
  'fog',
  'old maps',
  'swimming before breakfast',
  'board games with too many rules',
  'pine trees',
  'second-hand vases',
  'trains with windows that open',
] as const;

/** What a bio ends with. */
export const ENDINGS = [
  'Ask me about the goat.',
  'I own one good camera and one bad one.',
  'Not every photo here is sharp, and neither am I.',
  'Will share the last slice.',
  'Bad at small talk, good at soup.',
  'Looking for someone to carry the tripod.',
  'Mostly outdoors.',
  'My plants have names.',
] as const;
