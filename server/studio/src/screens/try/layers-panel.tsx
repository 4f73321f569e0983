import { formatPercent } from '@swipenet/shared/confidence.ts';
import { LAYERS, type LayerName, type LayerView, layerViewSchema } from '@swipenet/shared/contract/studio/layers.ts';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { formatCount } from '../../parts/format.ts';
import { Notice } from '../../parts/notice.tsx';
import { Figures, Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { drawGray } from '../../photos/thumbnail.tsx';
import type { TriedPhoto } from './tried-photos.ts';

/** How many maps are shown at first, and how many more at a time. All 1,024 at once would take a third of a second. */
const FIRST = 64;
const MORE = 128;

/** What each layer makes of one photo: its maps and the statistics of its activations. */
export function LayersPanel(props: {
  photo: TriedPhoto;
  number: number;
  /** The ID of the model in use. When it changes, the server is asked again. */
  model: string;
  onClose: () => void;
}) {
  const { photo, number, model, onClose } = props;
  const [layer, setLayer] = useState<LayerName>('conv1');
  const place = useRef<HTMLDivElement>(null);
  const { answer, error } = useAsked(`${model} ${layer}`, (signal) =>
    ask('studioLayers', layerViewSchema, { query: { layer }, body: photo.bytes, signal }),
  );
  useEffect(() => {
    place.current?.focus();
    place.current?.scrollIntoView({ block: 'start' });
  }, []);
  return (
    <div ref={place} tabIndex={-1} class="layers">
      <Panel
        title={`What each layer sees in photo ${number}`}
        actions={
          <button type="button" onClick={onClose}>
            Close
          </button>
        }
      >
        <label>
          Layer
          <select value={layer} onChange={({ currentTarget }) => setLayer(currentTarget.value as LayerName)}>
            {LAYERS.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        </label>
        {error && <Notice kind="error">{error.message}</Notice>}
        {answer ? (
          <Layer key={answer.layer} view={answer} isOld={answer.layer !== layer} />
        ) : (
          !error && <p>Computing the layer …</p>
        )}
      </Panel>
    </div>
  );
}

/** One layer. While the next one is computed, it stays and is dimmed. */
function Layer({ view, isOld }: { view: LayerView; isOld: boolean }) {
  const { statistics: of, maps, side } = view;
  const [most, setMost] = useState(FIRST);
  const pixels = useMemo(() => Uint8Array.from(atob(view.pixels), (char) => char.charCodeAt(0)), [view.pixels]);
  const shown = maps.slice(0, most);
  return (
    <div class={isOld ? 'layers-old' : ''} aria-busy={isOld}>
      <div class="grid">
        <Figures
          of={[
            ['Layer', view.layer],
            ['Shape', side > 1 ? `${maps.length} maps of ${side} × ${side}` : `${formatCount(maps.length)} values`],
            ['Mean', formatActivation(of.mean)],
            ['Standard deviation', formatActivation(of.deviation)],
            ['Range', `${formatActivation(of.least)} to ${formatActivation(of.most)}`],
            ['Zeros', formatPercent(of.zeros)],
            ['Model', `${view.model}, LIKE ${formatPercent(view.like)}`],
          ]}
        />
        <Histogram counts={of.histogram} least={of.least} most={of.most} />
      </div>
      {side > 1 ? (
        <p class="hint">
          Each map goes from its own least activation, black, to its own most, white. The number below is its mean.
        </p>
      ) : (
        <p class="hint">
          {view.layer === 'classifier'
            ? 'Channel 0 is NOPE and channel 1 is LIKE, before the softmax.'
            : 'Each value is the mean of a map of inception_5b.'}
        </p>
      )}
      <ul class="layers-maps">
        {shown.map(({ channel, mean }, at) => (
          <li key={channel}>
            {side > 1 && (
              <MapImage
                name={`Map ${channel}`}
                pixels={pixels.subarray(at * side ** 2, (at + 1) * side ** 2)}
                side={side}
              />
            )}
            <span>
              #{channel} <strong>{formatActivation(mean)}</strong>
            </span>
          </li>
        ))}
      </ul>
      {maps.length > most && (
        <button type="button" onClick={() => setMost(most + MORE)}>
          Show {Math.min(MORE, maps.length - most)} more of {formatCount(maps.length)}
        </button>
      )}
    </div>
  );
}

/** A map as an image. So many canvases would be slow to show. */
function MapImage({ name, pixels, side }: { name: string; pixels: Uint8Array; side: number }) {
  const source = useMemo(() => {
    const canvas = Object.assign(document.createElement('canvas'), { width: side, height: side });
    drawGray(canvas, pixels, side);
    return canvas.toDataURL();
  }, [pixels, side]);
  return <img src={source} width={side} height={side} alt={name} />;
}

/** A histogram. Its bars are as high as the logarithm of their counts, because most activations are zero. */
function Histogram({ counts, least, most }: { counts: readonly number[]; least: number; most: number }) {
  const height = (count: number) => Math.log1p(count) / Math.log1p(Math.max(...counts));
  const label = `Histogram of the activations from ${formatActivation(least)} to ${formatActivation(most)}`;
  return (
    <figure class="layers-histogram">
      <svg viewBox={`0 0 ${counts.length} 12`} preserveAspectRatio="none" role="img" aria-label={label}>
        {counts.map((count, at) => (
          <rect key={at} x={at + 0.1} width={0.8} y={12 - 12 * height(count)} height={12 * height(count)} />
        ))}
      </svg>
      <figcaption class="row between hint">
        <span>{formatActivation(least)}</span>
        <span>number of activations (logarithmic)</span>
        <span>{formatActivation(most)}</span>
      </figcaption>
    </figure>
  );
}

/** Formats an activation with three digits. */
const formatActivation = (value: number): string => String(Number(value.toPrecision(3)));
