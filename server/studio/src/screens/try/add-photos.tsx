import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { formatCount } from '../../parts/format.ts';
import { Panel } from '../../parts/panel.tsx';
import { addFiles, isScoring, photos, removeAll } from './tried-photos.ts';

/** What the file chooser offers. The server looks at what a file really is. */
const ACCEPTED = 'image/jpeg,image/png,image/webp,image/avif';

/** Takes photos that are chosen, or dropped or pasted anywhere on the screen. */
export function AddPhotos({ children }: { children: ComponentChildren }) {
  useEffect(() => {
    const gone = new AbortController();
    const { signal } = gone;
    // Without this, the browser would leave the page and open the photo.
    addEventListener('dragover', (event) => event.preventDefault(), { signal });
    addEventListener(
      'drop',
      (event) => {
        event.preventDefault();
        void addFiles([...(event.dataTransfer?.files ?? [])]);
      },
      { signal },
    );
    addEventListener('paste', ({ clipboardData }) => void addFiles([...(clipboardData?.files ?? [])]), { signal });
    return () => gone.abort();
  }, []);
  const count = photos.value.length;
  return (
    <Panel
      title="Photos"
      actions={
        <button type="button" disabled={count === 0 || isScoring.value} onClick={removeAll}>
          Remove all
        </button>
      }
    >
      <div class="try-drop">
        <label class="field">
          Choose photos, or drop or paste them here
          <input
            type="file"
            multiple
            accept={ACCEPTED}
            onChange={({ currentTarget }) => {
              const files = [...(currentTarget.files ?? [])];
              currentTarget.value = '';
              void addFiles(files);
            }}
          />
        </label>
        <p class="hint">
          {count === 0
            ? 'JPEG, PNG, WebP or AVIF. They stay in the memory of this browser and of your server, and are never saved.'
            : `${formatCount(count)} ${count === 1 ? 'photo' : 'photos'}. They stay in memory, and are never saved.`}
        </p>
      </div>
      {children}
    </Panel>
  );
}
