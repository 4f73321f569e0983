import { options } from '../options.js';

const FAMILIES = {
  gamepad: /\bgamepad-(?=button|icon|2nd)/g,
  sparks: /\bgamepad-sparks-/g,
  keen: /\bkeen-slider/g,
  cardboard: /\brecsCardboard/g,
  profileCard: /\bprofileCard/g,
  stretched: /\bStretchedBox/g,
  breakWord: /\bBreakWord/g,
  hidden: /\bHidden/g,
  tappable: /\btappable-view/g,
  sentry: /\bsentry-block/g,
  toolbar: /\brecsToolbar/g,
};

/** The changes of the page since the outlines. test/twins/tinder/drift.ts has the types. */
export const drift = {
  /** The first change of a kind. */
  get: (kind) => options.drift.find((change) => change.kind === kind),
  all: (kind) => options.drift.filter((change) => change.kind === kind),
  drops: (part, name) =>
    part !== undefined &&
    options.drift.some(
      (change) => change.kind === 'drop-attribute' && change.name === name && (change.part ?? part) === part,
    ),
  /** Renames the changed families in a class attribute. */
  renamed(text) {
    let now = text;
    for (const { family } of this.all('rename-classes')) now = now.replace(FAMILIES[family], `${family[0]}x9-`);
    return now;
  },
};
