import { type StudioTraining, TRAINING_MODES, type TrainingField } from '@swipenet/shared/contract/studio/training.ts';
import { useId } from 'preact/hooks';
import type { Draft } from './form-state.ts';

const MODES = {
  auto: 'By the number of labels',
  full: 'Whole network',
  head: 'Classifier on its features (head)',
} as const;

/** The hyperparameters, folded away: a recipe sets them. */
export function Advanced({
  form,
  draft,
  change,
  isOpen,
}: {
  form: StudioTraining;
  draft: Draft;
  change: (changes: Partial<Draft>) => void;
  isOpen: boolean;
}) {
  const ids = useId();
  const set = (name: string, value: string | boolean) => change({ values: { ...draft.values, [name]: value } });
  return (
    <details class="advanced" open={isOpen}>
      <summary>Advanced settings</summary>
      <div class="fields">
        <div class="field">
          <label for={`${ids}-mode`}>Mode</label>
          <select
            id={`${ids}-mode`}
            value={draft.mode}
            onChange={({ currentTarget }) => change({ mode: currentTarget.value as Draft['mode'] })}
          >
            {TRAINING_MODES.map((mode) => (
              <option key={mode} value={mode}>
                {MODES[mode]}
              </option>
            ))}
          </select>
          <span class="hint">What is trained</span>
        </div>
        {draft.target !== null && (
          <div class="field">
            <label for={`${ids}-target`}>Target</label>
            <input
              id={`${ids}-target`}
              type="text"
              aria-describedby={`${ids}-target-help`}
              value={draft.target}
              onInput={({ currentTarget }) => change({ target: currentTarget.value })}
            />
            <span class="hint" id={`${ids}-target-help`}>
              What the threshold is chosen for: balanced-accuracy, precision=0.8, recall=0.9 or like-rate=0.2
            </span>
          </div>
        )}
        {form.fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={draft.values[field.name] ?? field.value ?? ''}
            isDisabled={draft.mode === 'head' && field.fullOnly}
            set={(value) => set(field.name, value)}
          />
        ))}
      </div>
    </details>
  );
}

interface FieldProps {
  readonly field: TrainingField;
  readonly value: string | boolean;
  readonly isDisabled: boolean;
  readonly set: (value: string | boolean) => void;
}

function Field({ field, value, isDisabled, set }: FieldProps) {
  const id = useId();
  const help = `${id}-help`;
  const { kind, flag, words } = field;
  const title = titleOf(flag);
  const hint = (
    <span class="hint" id={help}>
      {sentence(field.help)}
      {words !== null && ` (default: ${words})`}
    </span>
  );
  const common = { disabled: isDisabled, 'aria-describedby': help };
  if (kind === 'switch') {
    return (
      <div class="field">
        <label>
          <input
            type="checkbox"
            checked={value === false}
            onChange={({ currentTarget }) => set(!currentTarget.checked)}
            {...common}
          />
          {title}
        </label>
        {hint}
      </div>
    );
  }
  return (
    <div class="field">
      <label for={id}>{title}</label>
      <Control field={field} value={String(value)} set={set} common={{ ...common, id }} />
      {hint}
    </div>
  );
}

function Control({
  field: { kind, choices, least, most, isWhole },
  value,
  set,
  common,
}: Pick<FieldProps, 'field' | 'set'> & {
  value: string;
  common: { id: string; disabled: boolean; 'aria-describedby': string };
}) {
  if (kind === 'choice') {
    const known = choices!.includes(value) ? choices! : [value, ...choices!];
    return (
      <select value={value} onChange={({ currentTarget }) => set(currentTarget.value)} {...common}>
        {known.map((choice) => (
          <option key={choice} value={choice}>
            {choice}
          </option>
        ))}
      </select>
    );
  }
  const onInput = ({ currentTarget }: { currentTarget: HTMLInputElement }) => set(currentTarget.value);
  if (kind === 'text') return <input type="text" value={value} onInput={onInput} {...common} />;
  return (
    <input
      type="number"
      value={value}
      step={isWhole ? 1 : 'any'}
      min={least ?? undefined}
      max={most ?? undefined}
      onInput={onInput}
      {...common}
    />
  );
}

/** Returns a field's name in words: `Batch size` for `--batch-size`. */
const titleOf = (flag: string) => sentence(flag.replace(/^--/, '').replaceAll('-', ' '));

const sentence = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
