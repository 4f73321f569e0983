import * as z from 'zod';

/** `docs/known-advisories.json`. */
export const knownAdvisoriesSchema = z.strictObject({
  $comment: z.string(),
  advisories: z.array(
    z.strictObject({
      id: z.string().regex(/^(CVE|GHSA)-[\w-]+$/),
      /** The runtime (`node`) or a direct dependency of a workspace package. */
      package: z.string(),
      component: z.string(),
      severity: z.literal('critical'),
      /** The first version without the flaw, or null if there is none yet. */
      fixedIn: z.nullable(z.string().regex(/^\d+\.\d+\.\d+$/)),
      problem: z.string().min(1),
      /** How Swipenet keeps the flaw out of reach, or an empty text if it doesn't. */
      mitigation: z.string(),
      /** The files that make it so. */
      enforcedBy: z.array(z.string()).min(1),
      /** When somebody last checked that the mitigation holds and that no fix can be installed. */
      reviewed: z.iso.date(),
    }),
  ),
});

export type Advisory = z.infer<typeof knownAdvisoriesSchema>['advisories'][number];

/** How long a review is good for. */
const REVIEW_DAYS = 90;

/**
 * Says what is wrong with the record of an advisory, in words.
 *
 * @param installed the installed version of its package, if it is the runtime or a direct dependency.
 */
export function advisoryTroubles(
  { id, package: name, fixedIn, mitigation, reviewed }: Advisory,
  { installed, today }: { readonly installed: string | undefined; readonly today: Date },
): string[] {
  if (installed === undefined) return [`${id}: ${name} is not a direct dependency; remove the entry`];
  if (fixedIn !== null && !isBefore(installed, fixedIn)) {
    return [`${id}: ${name} ${installed} has the fix; remove the entry`];
  }
  const days = Math.floor((today.getTime() - Date.parse(reviewed)) / 86_400_000);
  return [
    ...(mitigation.trim() === '' ? [`${id}: no mitigation`] : []),
    ...(days > REVIEW_DAYS ? [`${id}: last reviewed ${days} days ago (limit ${REVIEW_DAYS}); review it again`] : []),
  ];
}

/** Compares versions such as 26.10.0. */
function isBefore(version: string, other: string): boolean {
  const [ours, theirs] = [version, other].map((text) => text.split('.').map(Number)) as [number[], number[]];
  const place = ours.findIndex((part, index) => part !== theirs[index]);
  return place >= 0 && ours[place]! < theirs[place]!;
}
