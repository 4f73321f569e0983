import { EMBEDDED_MODEL } from '@swipenet/server/config/embedded-model.ts';
import { type Profile, profilesOf } from '@swipenet/server/demo/profiles.ts';
import { answersOf, likes, TASTES } from '@swipenet/server/demo/tastes.ts';
import { decodePhoto } from '@swipenet/server/image/decoding/decode.ts';
import { drawPhoto } from '@swipenet/server/pictures/draw-photo.ts';
import { openSession } from '@swipenet/server/runtime/session.ts';
import { auc } from '@swipenet/server/training/evaluation/metrics.ts';
import { buildFeatureModel } from '@swipenet/server/training/head/feature-model.ts';
import { featuresOf } from '@swipenet/server/training/head/features.ts';
import { featureNetwork, HEAD_CROPS } from '@swipenet/server/training/head/train-head.ts';
import { MEAN_LEVEL } from '@swipenet/server/training/profiles/file-features.ts';
import { learnProfiles } from '@swipenet/server/training/profiles/learn-profiles.ts';
import type { Label } from '@swipenet/shared/confidence.ts';
import { readFeatureNetwork } from './photo-features.ts';
import type { Figure } from './report.ts';

const PROFILES = 120;

/**
 * Measures how well the demo page's tastes can be learned from 120 profiles on `base`: the AUC of profiles that the head
 * wasn't trained on, against the person's answers, of which 5% are mistakes, and against what the person really likes.
 */
export async function demoTastesBench({ seed }: { readonly seed: number }): Promise<Figure[]> {
  const deck = profilesOf(seed, PROFILES, 'themes');
  const pretrained = await readFeatureNetwork(EMBEDDED_MODEL.base);
  const photos = deck.flatMap(({ photos }, profile) => photos.map((plan) => ({ plan, profile })));
  const { weights, mean } = featureNetwork(pretrained, MEAN_LEVEL);
  const session = await openSession({ model: buildFeatureModel(weights), device: 'cpu', threads: 1 });
  const read = async (index: number, into: Uint8Array) => {
    into.set(await decodePhoto(await drawPhoto(photos[index]!.plan), 'cover'));
  };
  const features = await featuresOf(photos.length, read, { session, mean, crops: HEAD_CROPS });
  await session.close();
  return TASTES.flatMap((taste): Figure[] => {
    const answers = labels(answersOf({ taste }, seed, deck));
    const really = labels(deck.map((profile: Profile, place) => likes({ taste }, place, profile)));
    const { outOfFold } = learnProfiles(
      photos.map(({ profile }) => ({ profile, label: answers[profile]! })),
      features,
      { seed, target: { kind: 'balanced-accuracy' }, spare: pretrained.forHeads?.spareFilters.filters },
    );
    const aucOf = (label: readonly Label[]) =>
      auc(outOfFold.map(({ like }, profile) => ({ like, label: label[profile]! }))) ?? 0.5;
    const liked = answers.filter((label) => label === 'LIKE').length / PROFILES;
    return [
      { key: `${taste}Liked`, name: `${taste}: right swipes`, value: 100 * liked, unit: '%' },
      { key: `${taste}Auc`, name: `${taste}: AUC against the answers`, value: 100 * aucOf(answers), unit: '%' },
      { key: `${taste}RealAuc`, name: `${taste}: AUC without mistakes`, value: 100 * aucOf(really), unit: '%' },
    ];
  });
}

const labels = (likes: readonly boolean[]) => likes.map((like): Label => (like ? 'LIKE' : 'NOPE'));
