/** How lanes share a batch. Each lane computes its parts one after the other, at the same time as the other lanes. */
export interface Division {
  /** The number of photos in each part. The last part can have fewer. */
  readonly partSize: number;
  /** The number of threads for each lane. */
  readonly threadsPerLane: number;
  /** The first photo of each part, lane by lane. No lane is without parts. */
  readonly lanes: readonly (readonly number[])[];
}

/**
 * The most photos in a part. The maps of a part, which the backward pass needs, fit into less memory than those of a
 * batch. Larger parts are no faster (docs/experiments.md).
 */
const MAX_PART_SIZE = 4;

/**
 * Divides a batch among lanes: one per thread, but no more than there are parts. More threads than that are shared by the
 * lanes. The result depends on nothing else, so a resumed run adds its numbers in the same order.
 */
export function divideBatch(batchSize: number, threads: number): Division {
  const threadsPerLane = Math.ceil(threads / Math.ceil(batchSize / MAX_PART_SIZE));
  const lanes = Math.floor(threads / threadsPerLane);
  const partsPerLane = Math.ceil(batchSize / (lanes * MAX_PART_SIZE));
  const partSize = Math.ceil(batchSize / (lanes * partsPerLane));
  const starts = Array.from({ length: Math.ceil(batchSize / partSize) }, (_, part) => part * partSize);
  return {
    ...{ partSize, threadsPerLane },
    lanes: Array.from({ length: lanes }, (_, lane) => starts.filter((_start, part) => part % lanes === lane)),
  };
}
