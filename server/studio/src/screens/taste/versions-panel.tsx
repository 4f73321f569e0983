import { activatedSchema, learningStartedSchema, type TasteAnswer } from '@swipenet/shared/contract/taste.ts';
import { ask } from '../../live/ask.ts';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { Said } from '../../parts/said.tsx';
import { useAction } from '../../parts/use-action.ts';

/** The versions that were learned, which one is used, and how the last learning ended. */
export function VersionsPanel({ taste, onChange }: { taste: TasteAnswer; onChange: () => void }) {
  const { versions, learning } = taste;
  const { doing, said, act } = useAction();
  const starting = useAction();
  const isBusy = doing !== undefined || starting.doing !== undefined;
  const active = versions.findIndex(({ isActive }) => isActive);
  const change = async (words: string, work: () => Promise<string>) => {
    await act(words, work);
    onChange();
  };
  const learn = async () => {
    await starting.act('Starting …', async () => {
      await ask('tasteLearn', learningStartedSchema);
      return 'Learning has started.';
    });
    onChange();
  };
  const use = (version: string) =>
    change('The server is loading the version …', async () => {
      await ask('tasteActivate', activatedSchema, { body: { version } });
      return `The server uses ${version} now.`;
    });
  const rollBack = () =>
    change('The server is loading the version before …', async () => {
      const { version } = await ask('tasteRollback', activatedSchema);
      return `The server is back at ${version}.`;
    });
  return (
    <Panel title="Versions">
      <div class="row">
        <button type="button" class="first" disabled={isBusy || learning.isRunning} onClick={learn}>
          Learn now
        </button>
        <button type="button" disabled={isBusy || active < 1} onClick={rollBack}>
          Roll back
        </button>
      </div>
      <p class="hint">
        A version is learned after every{' '}
        {learning.every === 1 ? 'new label' : `${formatCount(learning.every)} new labels`}.
      </p>
      <Said doing={doing} said={said} />
      {starting.said?.isError ? <Said {...starting} /> : <LearningState {...learning} />}
      {versions.length === 0 ? (
        <p>There are no versions yet.</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the keyboard has to reach what scrolls
        <section class="scroll taste-table" tabIndex={0} aria-label="Table of versions">
          <table>
            <thead>
              <tr>
                {['Version', 'State', 'Labels', 'Balanced accuracy', 'AUC', 'Log loss', 'Action'].map((name) => (
                  <th key={name} scope="col">
                    {name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {versions.toReversed().map((version) => (
                <Row key={version.id} {...version} isBusy={isBusy} onUse={() => use(version.id)} />
              ))}
            </tbody>
          </table>
        </section>
      )}
    </Panel>
  );
}

function Row(props: TasteAnswer['versions'][number] & { isBusy: boolean; onUse: () => void }) {
  const { id, isActive, metrics, isBusy, onUse } = props;
  const figure = (name: string) => metrics?.[name]?.toFixed(3) ?? '–';
  return (
    <tr>
      <th scope="row">{id}</th>
      <td>{metrics === null ? 'damaged' : isActive ? 'active' : '–'}</td>
      <td>{metrics?.crossValidatedProfiles ?? '–'}</td>
      <td>{figure('crossValidatedBalancedAccuracy')}</td>
      <td>{figure('crossValidatedAuc')}</td>
      <td>{figure('crossValidatedLoss')}</td>
      <td>
        <button
          type="button"
          aria-label={`Use ${id}`}
          disabled={isBusy || isActive || metrics === null}
          onClick={onUse}
        >
          Use
        </button>
      </td>
    </tr>
  );
}

function LearningState({ isRunning, last }: TasteAnswer['learning']) {
  if (isRunning) return <Notice>A version is being learned. Scoring goes first, so this may take a while.</Notice>;
  if (!last) return null;
  if (last.kind !== 'learned') return <Notice kind="error">Nothing was learned: {last.message}.</Notice>;
  return (
    <Notice>
      {last.version} was learned from {formatCount(last.likes)} likes and {formatCount(last.passes)} passes
      {last.activated ? ', and is in use.' : '. It isn’t in use: another model was chosen, or predicts better.'}
    </Notice>
  );
}
