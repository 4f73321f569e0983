import { formatPercent } from '@swipenet/shared/confidence.ts';
import { OWNER_TASTE } from '@swipenet/shared/contract/taste.ts';
import { printable } from '@swipenet/shared/printable.ts';
import { toRun } from '../../command-form.ts';
import { countedSwipes } from '../../taste/agreement/agreement.ts';
import { type GateReport, replayGate } from '../../taste/agreement/gate.ts';
import { listVersions, type Version } from '../../taste/learning/versions.ts';
import { defineCommand } from '../command.ts';
import { withStore } from './open-store.ts';

/** `swipenet taste status`: what was learned from, how well it agrees, and its versions. */
export const statusCommand = defineCommand({
  name: 'status',
  summary: 'show your swipes, the agreement with them, and the versions learned from them',
  settings: ['home'],
  run: async ({ settings: { home } }) => {
    const swipes = await withStore(home, (store) => ({
      counts: store.counts(OWNER_TASTE),
      gate: replayGate(countedSwipes(store.judged(OWNER_TASTE))),
    }));
    return { ...swipes, versions: await listVersions(home) };
  },
  print: ({ counts: { likes, passes, withFeatures }, gate, versions }) => {
    const total = likes + passes;
    const rate = total === 0 ? '' : `, ${formatPercent(likes / total)} liked`;
    return [
      `swipes     ${total} (${likes} likes, ${passes} passes${rate}); ${withFeatures} can be learned from`,
      `agreement  ${agreementWords(gate)}`,
      ...versions.map((version, at) => `${at === 0 ? 'versions ' : '         '}  ${versionWords(version)}`),
      ...(versions.length === 0 ? [`versions   none yet; learn one with ${toRun('taste learn')}`] : []),
    ].join('\n');
  },
  toJson: ({ counts, gate, versions }) => ({
    ...{ counts, gate },
    versions: versions.map(({ id, isActive, manifest }) => ({
      id,
      active: isActive,
      metrics: manifest?.metrics ?? null,
    })),
  }),
});

function agreementWords({ isOpen, balanced, lowerBound, required, total }: GateReport): string {
  const counted = Object.values(total).reduce((sum, { agreed, disagreed }) => sum + agreed + disagreed, 0);
  if (balanced === null) return `not known yet: ${counted} swipes with a hidden verdict, and it needs likes and passes`;
  const proof = `${formatPercent(balanced)} of likes and passes on average, at least ${formatPercent(lowerBound)} for certain`;
  return `${proof}; ${formatPercent(required)} needed: ${isOpen ? 'it may swipe' : 'it may not swipe yet'}`;
}

function versionWords({ id, isActive, manifest }: Version): string {
  const mark = isActive ? '*' : ' ';
  if (!manifest) return `${mark} ${id}  damaged`;
  const { crossValidatedBalancedAccuracy: balanced, crossValidatedAuc: auc } = manifest.metrics;
  const figures = [
    ...(balanced === undefined ? [] : [`balanced ${formatPercent(balanced)}`]),
    ...(auc === undefined ? [] : [`AUC ${auc.toFixed(3)}`]),
  ];
  return [`${mark} ${id}`, ...figures, printable(manifest.provenance.description)].join('  ');
}
