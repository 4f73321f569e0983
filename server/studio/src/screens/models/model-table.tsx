import type { StudioModel } from '@swipenet/shared/contract/studio/models.ts';
import { formatBytes } from '../../parts/format.ts';
import { Scroll } from '../../parts/scroll.tsx';
import { addressOf } from './model-address.ts';

/** Lists models with the figures that show at a glance how good they are. */
export function ModelTable({ models }: { models: readonly StudioModel[] }) {
  return (
    <Scroll label="Models">
      <table class="models">
        <thead>
          <tr>
            <th scope="col">Model</th>
            <th scope="col">State</th>
            <th scope="col">Precision</th>
            <th scope="col">Size</th>
            <th scope="col">Figures</th>
          </tr>
        </thead>
        <tbody>
          {models.map((model) => (
            <Row key={model.id} {...model} />
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Row(model: StudioModel) {
  const { id, about } = model;
  return (
    <tr>
      <th scope="row">
        <a href={addressOf(id)}>{id}</a>
      </th>
      <td>{statesOf(model).join(', ') || '–'}</td>
      {'error' in about ? (
        <td colSpan={3}>{about.error}</td>
      ) : (
        <>
          <td>{precisionOf(about)}</td>
          <td>{formatBytes(about.bytes)}</td>
          <td>{headline(about.metrics)}</td>
        </>
      )}
    </tr>
  );
}

/** Returns what a model is at the moment. */
export const statesOf = ({ isActive, isServed, isEmbedded, about }: StudioModel): string[] => [
  ...(isActive ? ['active'] : []),
  ...(isServed ? ['in use'] : []),
  ...(isEmbedded ? ['comes with Swipenet'] : []),
  ...('canScore' in about && !about.canScore ? ['starting point for training'] : []),
];

/** Formats a precision: `fp32`, or `int8 of mine`. */
export const precisionOf = ({ precision, parent }: Exclude<StudioModel['about'], { error: string }>) =>
  parent === null ? precision : `${precision} of ${parent}`;

const headline = (metrics: Readonly<Record<string, number>>) =>
  Object.entries(metrics)
    .filter(([name]) => /auc|accuracy/i.test(name))
    .slice(0, 3)
    .map(([name, value]) => `${name} ${value.toFixed(3)}`)
    .join(', ') || '–';
