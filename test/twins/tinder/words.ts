/** Few names: on a dating site most are met again and again. Some hold what a careless reader trips over. */
export const NAMES = [
  'Ana',
  'Marta',
  'Zoë',
  'Chloe',
  'Inês',
  'Mary Ann',
  'Noor',
  'Léa',
  "D'Arcy",
  'Юлия',
  'Sofia',
  'Kim',
] as const;

/** What people say about themselves; one says nothing, one says what looks like markup. */
export const BIOS = [
  'Baker by day, terrible chess player by night. Looking for someone to lose to.',
  'Trail runner, tea drinker, owner of too many plants.',
  'Here for the dogs. 🐕',
  'I build boats in bottles and read maps for fun.',
  '',
  'Two truths and a lie: I have swum with seals, I speak Basque, I like cilantro.',
  'Architect. 50% coffee & 50% sarcasm <3',
  'New in town.\nShow me your favourite bench.',
] as const;
