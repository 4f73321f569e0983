import * as z from 'zod';
import { targetSchema } from '../../training/profiles/target.ts';

const folders = z.array(z.string());

/** Folders of profiles as swipes. */
export const foldersToSwipe = {
  like: { flag: '--like <folder...>', help: 'folders of profiles to like', schema: folders, required: true },
  nope: { flag: '--nope <folder...>', help: 'folders of profiles to pass', schema: folders, required: true },
} as const;

/** What a threshold is chosen for. */
export const targetOption = {
  target: {
    flag: '--target <what>',
    help: 'what the threshold is chosen for: balanced-accuracy, precision=SHARE, recall=SHARE or like-rate=SHARE',
    schema: targetSchema,
    defaultValue: 'balanced-accuracy',
  },
} as const;
