import { removalSchema } from '@swipenet/shared/contract/studio/removal.ts';
import type { ComponentChildren } from 'preact';
import { ask } from '../live/ask.ts';
import { Confirm } from './confirm.tsx';
import { Notice } from './notice.tsx';
import { lostRunsWords, removalWords } from './removal-words.ts';
import { useAsked } from './use-asked.ts';

/** Asks before a folder on the server is deleted. Says which one and how large it is, or why that can't be. */
export function ConfirmRemoval(props: {
  title: string;
  /** The route that says what would be deleted, and its parameters. */
  route: 'studioDatasetRemoval' | 'studioRunRemoval';
  path: Readonly<Record<string, string>>;
  /** What else people should know. */
  children: ComponentChildren;
  onConfirm: () => void;
  onCancel: () => void;
}) {
  const { title, route, path, children, onConfirm, onCancel } = props;
  const { answer, error } = useAsked(title, (signal) => ask(route, removalSchema, { path, signal }));
  const refusal = error ? error.message : answer?.refusal;
  return (
    <Confirm {...{ title, onConfirm, onCancel }} action="Delete" isOff={!answer || answer.refusal !== null}>
      <p>{answer ? removalWords(answer) : error ? 'Its size is unknown.' : 'Looking how large it is …'}</p>
      {answer && <p class="path">{answer.folder}</p>}
      {refusal ? <Notice kind="error">It can’t be deleted now: {refusal}.</Notice> : children}
      {answer && answer.runs.length > 0 && <Notice>{lostRunsWords(answer.runs)}</Notice>}
    </Confirm>
  );
}
