import type { PageStatus } from '../../messages.ts';
import { reasonText } from '../../reason-text.ts';
import { canPause, canResume, isPause, needsPerson } from '../../reasons.ts';
import { lacksTasteConsent, type Settings } from '../../storage/settings.ts';
import type { Translate } from '../../texts.ts';

/** What the control shows. */
export interface ControlState {
  readonly tone: 'running' | 'waiting' | 'paused' | 'stopped';
  /** The state in one word. */
  readonly word: string;
  /** The reason for it, or that all is well. */
  readonly why: string;
  /** What its button does, or undefined if neither would do anything. */
  readonly button: 'pause' | 'resume' | undefined;
}

/** Returns what the control shows, by the rules of the popup. */
export function controlState(settings: Settings, { reason, detail }: PageStatus, translate: Translate): ControlState {
  const isSwiping = settings.mode === 'swipe';
  const needsConsent = !reason && lacksTasteConsent(settings);
  const tone = needsConsent ? 'waiting' : toneOf(reason);
  return {
    tone,
    word: translate(`control_${tone}`),
    why: needsConsent
      ? translate('control_needs_consent')
      : reason
        ? reasonText({ reason, detail }, translate)
        : translate('popup_working'),
    button: canResume(reason, isSwiping) ? 'resume' : canPause(reason, isSwiping) ? 'pause' : undefined,
  };
}

function toneOf(reason: PageStatus['reason']): ControlState['tone'] {
  if (!reason) return 'running';
  if (isPause(reason)) return 'paused';
  return needsPerson(reason) ? 'stopped' : 'waiting';
}
