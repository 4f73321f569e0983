import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { findOrInstall, firstProgram, pathsOf } from './debian-program.ts';

/** What to do if OpenCV is missing. */
export const OPENCV_ADVICE =
  'Python with OpenCV not found; install it (Debian, Ubuntu: sudo apt-get install python3-opencv; elsewhere: pip install opencv-python-headless)';

/** Returns the path of a Python that has OpenCV. A Python of the PATH may have it, or Debian's own. */
export function findOpenCv(): string | undefined {
  const candidates = [...pathsOf(['python3']), '/usr/bin/python3'];
  return candidates.find((path) => firstProgram([path]) && hasOpenCv(path));
}

function hasOpenCv(python: string): boolean {
  try {
    execFileSync(python, ['-c', 'import cv2'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Vitest's global setup of the test with OpenCV: installs it if it is missing and this runs as root on Debian. */
export function setup(): void {
  findOrInstall(findOpenCv, 'python3-opencv');
}

const PROGRAM = `
import cv2, json, numpy, sys
deploy, weights, photos, channels = sys.argv[1:]
net = cv2.dnn.readNetFromCaffe(deploy, weights)
net.setPreferableBackend(cv2.dnn.DNN_BACKEND_OPENCV)
results = []
for photo in numpy.fromfile(photos, numpy.float32).reshape(-1, 1, int(channels), 224, 224):
    net.setInput(photo)
    results.append(net.forward('softmax').reshape(-1).tolist())
print(json.dumps(results))
`;

/**
 * Scores photos with OpenCV's Caffe importer.
 *
 * @param photos what the network takes: levels minus the mean, `[N, channels, 224, 224]`.
 * @returns the outputs of `softmax`, `[N][classes]`.
 */
export function scoreWithOpenCv(python: string, folder: string, photos: Float32Array, channels: number): number[][] {
  const file = join(folder, 'photos.bin');
  writeFileSync(file, photos);
  const program = ['-c', PROGRAM, join(folder, 'deploy.prototxt'), join(folder, 'snapshot_iter_100.caffemodel'), file];
  return JSON.parse(execFileSync(python, [...program, String(channels)], { encoding: 'utf8' }));
}
