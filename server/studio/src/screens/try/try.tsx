import { modelAnswerSchema } from '@swipenet/shared/contract/model.ts';
import { ARTICLE_RULE, withThreshold } from '@swipenet/shared/decision.ts';
import { heatGradient, heatScale, signedLogit } from '@swipenet/shared/heat-map.ts';
import { RESIZE_MODES } from '@swipenet/shared/photo.ts';
import { useState } from 'preact/hooks';
import { ask } from '../../live/ask.ts';
import { live } from '../../live/events.ts';
import { Notice } from '../../parts/notice.tsx';
import { Panel } from '../../parts/panel.tsx';
import { useAsked } from '../../parts/use-asked.ts';
import { AddPhotos } from './add-photos.tsx';
import { DecisionPanel, decisionsOf } from './decision-panel.tsx';
import { decisionText } from './decision-text.ts';
import { LayersPanel } from './layers-panel.tsx';
import { PhotoCard } from './photo-card.tsx';
import { isScoring, likeOf, photos, scoreAgain, trouble, tryAgain, waiting } from './tried-photos.ts';
import './try.css';

/** Photos of the person's own: their confidences, the decision, and where in them the evidence is. */
export function Try() {
  const [isEach, setEach] = useState(false);
  const [isRanked, setRanked] = useState(false);
  const [hasHeat, setHeat] = useState(true);
  const [tried, setTried] = useState<number>();
  const [lookedAt, setLookedAt] = useState<number>();
  const served = live.status.value?.model.id ?? '';
  const { answer: model, error } = useAsked(served, (signal) => ask('model', modelAnswerSchema, { signal }));
  if (!model) return error ? <Notice kind="error">{error.message}</Notice> : <p>Asking the server …</p>;

  const rule = model.rule ?? withThreshold(ARTICLE_RULE, model.threshold);
  const threshold = tried ?? rule.threshold;
  const all = photos.value.map((photo, at) => ({ photo, number: at + 1 }));
  const likes = photos.value.map(likeOf);
  const decisions = decisionsOf(likes, withThreshold(rule, threshold), isEach);
  const looked = all.find(({ photo }) => photo.id === lookedAt);
  const resize = RESIZE_MODES.find((mode) => mode === model.preparedPhotos?.resize) ?? RESIZE_MODES[0];
  const maps = photos.value.flatMap(({ result }) => (result && 'evidence' in result ? [result.evidence] : []));
  const heat = hasHeat ? { resize, scale: heatScale(maps) } : undefined;
  const isStale = photos.value.some(({ result }) => result && 'model' in result && result.model !== model.id);
  const shown = isRanked
    ? all.toSorted((one, other) => (likes[other.number - 1] ?? -1) - (likes[one.number - 1] ?? -1))
    : all;
  return (
    <>
      <AddPhotos>
        <div class="row">
          <Switch name="Each photo is a profile of its own" isOn={isEach} onChange={setEach} />
          <Switch name="Most confident first" isOn={isRanked} onChange={setRanked} />
          <Switch name="Heat map" isOn={hasHeat} onChange={setHeat} />
        </div>
        {trouble.value !== undefined && (
          <Notice kind="error">
            {trouble.value}{' '}
            {waiting.value.length > 0 && (
              <button type="button" disabled={isScoring.value} onClick={() => tryAgain()}>
                Try again
              </button>
            )}
          </Notice>
        )}
        {isStale && !isScoring.value && (
          <Notice>
            The server uses {model.id} now, but these confidences are another model’s.{' '}
            <button type="button" onClick={() => scoreAgain()}>
              Score again
            </button>
          </Notice>
        )}
      </AddPhotos>
      {all.length > 0 && (
        <>
          <DecisionPanel {...{ model, rule, threshold, isEach }} onThreshold={setTried} />
          <Panel title={isRanked ? 'Your photos, the most confident first' : 'Your photos'}>
            {isRanked && <Advice />}
            {heat && <Legend scale={heat.scale} />}
            <ol class="try-photos">
              {shown.map(({ photo, number }, at) => (
                <PhotoCard
                  key={photo.id}
                  {...{ photo, number, heat }}
                  rank={isRanked && likeOf(photo) !== null ? at + 1 : undefined}
                  threshold={{ tried: threshold, own: rule.threshold }}
                  onLayers={() => setLookedAt(photo.id)}
                  decision={isEach ? decisionText(decisions[number - 1]!, [likeOf(photo)], threshold) : undefined}
                />
              ))}
            </ol>
          </Panel>
          {looked && (
            <LayersPanel key={looked.photo.id} {...looked} model={model.id} onClose={() => setLookedAt(undefined)} />
          )}
        </>
      )}
    </>
  );
}

function Switch({ name, isOn, onChange }: { name: string; isOn: boolean; onChange: (isOn: boolean) => void }) {
  return (
    <label>
      <input type="checkbox" checked={isOn} onChange={({ currentTarget }) => onChange(currentTarget.checked)} />
      {name}
    </label>
  );
}

const Legend = ({ scale }: { scale: number }) => (
  <p class="hint try-legend">
    <span>NOPE {signedLogit(-scale)}</span>
    <span class="try-scale" style={{ backgroundImage: heatGradient() }} />
    <span>LIKE {signedLogit(scale)}</span>
    <span>
      How strongly each part of a photo suggests NOPE or LIKE, in logits, on one scale for all photos. The frame is what
      the model sees, in gray.
    </span>
  </p>
);

const Advice = () => (
  <p class="hint">
    A confidence says how much a photo resembles those that this model learned as LIKE. It is about the photo and the
    model’s training. The model that comes with Swipenet learned how well a photo was taken: sharp, level, well exposed.
    It takes photos that are dark or low in contrast on purpose for NOPE, and nobody has measured it on photos of real
    people. A model of yours learned what its labels say. So compare photos of the same scene, and let people who know
    you decide.
  </p>
);
