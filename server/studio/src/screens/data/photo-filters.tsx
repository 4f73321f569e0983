import { LABELS } from '@swipenet/shared/confidence.ts';
import { PARTS } from '@swipenet/shared/contract/studio/datasets.ts';
import { PHOTO_CHOICES, type PhotoFilter } from '@swipenet/shared/contract/studio/photos.ts';

const SHOWN = {
  all: 'All photos',
  suspected: 'Suspected label errors',
  near: 'Look-alikes with different labels',
  changed: 'Changed labels and dropped photos',
} as const satisfies Record<(typeof PHOTO_CHOICES)[number], string>;

/** Chooses which photos to show. */
export function PhotoFilters({ filter, onFilter }: { filter: PhotoFilter; onFilter: (filter: PhotoFilter) => void }) {
  const choose = <Name extends keyof PhotoFilter>(name: Name, value: string) => {
    const { [name]: _old, ...others } = filter;
    onFilter(value === '' ? others : { ...others, [name]: value });
  };
  return (
    <div class="row filters">
      <label>
        Show
        <select value={filter.show ?? 'all'} onChange={(event) => choose('show', event.currentTarget.value)}>
          {PHOTO_CHOICES.map((choice) => (
            <option key={choice} value={choice}>
              {SHOWN[choice]}
            </option>
          ))}
        </select>
      </label>
      <label>
        Label
        <select value={filter.label ?? ''} onChange={(event) => choose('label', event.currentTarget.value)}>
          <option value="">any</option>
          {LABELS.map((label) => (
            <option key={label}>{label}</option>
          ))}
        </select>
      </label>
      <label>
        Split
        <select value={filter.part ?? ''} onChange={(event) => choose('part', event.currentTarget.value)}>
          <option value="">any</option>
          {PARTS.map((part) => (
            <option key={part}>{part}</option>
          ))}
        </select>
      </label>
      <label>
        Profile
        <input
          type="text"
          inputMode="numeric"
          pattern="[0-9]{1,9}"
          class="profile-number"
          value={filter.profile ?? ''}
          placeholder="any"
          onChange={(event) => event.currentTarget.checkValidity() && choose('profile', event.currentTarget.value)}
        />
      </label>
    </div>
  );
}
