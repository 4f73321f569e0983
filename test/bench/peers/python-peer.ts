import { spawn } from 'node:child_process';
import { on } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import * as z from 'zod';
import { installPythonPackages } from '../../support/python-packages.ts';

const PROGRAM = fileURLToPath(new URL('./peer.py', import.meta.url));
const REQUIREMENTS = fileURLToPath(new URL('./requirements.txt', import.meta.url));

const startSchema = z.object({ version: z.string(), likes: z.array(z.number()) });

/** What a peer computes, and with how much. */
export interface PeerTask {
  readonly runtime: 'onnxruntime' | 'openvino' | 'opencv' | 'pytorch';
  readonly task: 'score' | 'train';
  readonly precision: 'fp32' | 'int8';
  /** The model: ONNX, or safetensors for PyTorch. */
  readonly model: string;
  readonly temperature: number;
  /** Gray levels `[N, 1, 224, 224]`, uint8. */
  readonly photos: string;
  readonly batch: number;
  readonly threads: number;
}

/** A program of somebody else's that computes on demand. */
export interface PythonPeer {
  readonly version: string;
  /** LIKE confidences of its batch, for comparing. */
  readonly likes: readonly number[];
  /** Lets it compute its batch once. */
  readonly round: () => Promise<void>;
  readonly close: () => void;
}

/** Installs the peers from PyPI (2 GB), unless they are there. Returns their Python. */
export const installPeers = (): string => installPythonPackages('bench', REQUIREMENTS);

/** Starts a peer. @throws Error with the end of what it wrote if it can't do the task. */
export async function openPeer(python: string, task: PeerTask): Promise<PythonPeer> {
  const { runtime, task: what, precision, model, temperature, photos, batch, threads } = task;
  const parameters = [runtime, what, precision, model, temperature, photos, batch, threads].map(String);
  const child = spawn(python, [PROGRAM, ...parameters], { stdio: ['pipe', 'pipe', 'pipe'] });
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-500);
  });
  const lines = createInterface({ input: child.stdout });
  const printed = on(lines, 'line', { close: ['close'] });
  const next = async () => {
    const { value, done } = await printed.next();
    if (done) throw new Error(`${runtime} ended: ${lastWords.trim().split('\n').at(-1)}`);
    return String(value[0]);
  };
  const { version, likes } = startSchema.parse(JSON.parse(await next()));
  return {
    version,
    likes,
    round: async () => {
      child.stdin.write('\n');
      await next();
    },
    close: () => void child.kill(),
  };
}
