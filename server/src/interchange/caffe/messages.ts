import protobuf from 'protobufjs';
import { CommandError } from '../../command-error.ts';
import { readProto } from '../../onnx/read-proto.ts';

/**
 * Caffe's protobuf messages: the part of `caffe.proto` that holds weights. Field numbers are Caffe's. `layers` and the
 * four sizes are from before 2015. `rawData` is from NVIDIA's Caffe, which DIGITS comes with.
 */
const messages = protobuf.Root.fromJSON({
  nested: {
    BlobShape: { fields: { dim: { rule: 'repeated', type: 'int64', id: 1, options: { packed: false } } } },
    BlobProto: {
      fields: {
        num: { type: 'int32', id: 1 },
        channels: { type: 'int32', id: 2 },
        height: { type: 'int32', id: 3 },
        width: { type: 'int32', id: 4 },
        data: { rule: 'repeated', type: 'float', id: 5, options: { packed: true } },
        shape: { type: 'BlobShape', id: 7 },
        doubleData: { rule: 'repeated', type: 'double', id: 8, options: { packed: true } },
        rawDataType: { type: 'int32', id: 10 },
        rawData: { type: 'bytes', id: 12 },
      },
    },
    V1LayerParameter: {
      fields: { name: { type: 'string', id: 4 }, blobs: { rule: 'repeated', type: 'BlobProto', id: 6 } },
    },
    LayerParameter: {
      fields: { name: { type: 'string', id: 1 }, blobs: { rule: 'repeated', type: 'BlobProto', id: 7 } },
    },
    NetParameter: {
      fields: {
        layers: { rule: 'repeated', type: 'V1LayerParameter', id: 2 },
        layer: { rule: 'repeated', type: 'LayerParameter', id: 100 },
      },
    },
  },
});

const netType = messages.resolveAll().lookupType('NetParameter');
const blobType = messages.lookupType('BlobProto');

interface BlobProto {
  num?: number;
  channels?: number;
  height?: number;
  width?: number;
  shape?: { dim: readonly number[] };
  data?: Float32Array;
  doubleData?: Float32Array;
  rawDataType?: number;
  rawData?: Uint8Array;
}

interface NetParameter {
  layers: { name?: string; blobs: BlobProto[] }[];
  layer: { name?: string; blobs: BlobProto[] }[];
}

/** Numbers with a shape. Old files give every blob four sizes, of which the first ones may be 1. */
export interface Blob {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/**
 * Reads the weights of an untrusted `.caffemodel`.
 *
 * @returns the weight and bias blobs by layer name. Layers without blobs are left out.
 * @throws CommandError `weights_invalid`.
 */
export function readCaffeModel(bytes: Uint8Array, fileName: string): Map<string, readonly Blob[]> {
  const { layer, layers } = decoded<NetParameter>(netType, bytes, fileName, '.caffemodel');
  const withBlobs = [...layers, ...layer].filter(({ blobs }) => blobs.length > 0);
  if (withBlobs.length === 0) throw new CommandError('weights_invalid', `${fileName} has no layers with weights`);
  return new Map(
    withBlobs.map(({ name = '', blobs }) => [name, blobs.map((blob) => blobOf(blob, `the layer ${name}`))]),
  );
}

/**
 * Reads an untrusted `.binaryproto`: a mean image, `[1, channels, height, width]`.
 *
 * @throws CommandError `weights_invalid`.
 */
export const readBinaryProto = (bytes: Uint8Array, fileName: string): Blob =>
  blobOf(decoded<BlobProto>(blobType, bytes, fileName, '.binaryproto'), fileName);

function decoded<Message>(type: protobuf.Type, bytes: Uint8Array, fileName: string, kind: string): Message {
  try {
    return readProto(type, bytes, kind) as Message;
  } catch (cause) {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('weights_invalid', `${fileName} is not a ${kind} of Caffe, or it is cut off`, { cause });
  }
}

function blobOf(blob: BlobProto, what: string): Blob {
  const { num, channels, height, width } = blob;
  const four = [num, channels, height, width];
  const shape = blob.shape?.dim ?? (four.some((size) => size !== undefined) ? four.map((size) => size ?? 0) : []);
  const data = numbersOf(blob, what);
  const count = shape.reduce((product, size) => product * size, 1);
  if (shape.length > 8 || shape.some((size) => size < 0) || count !== data.length) {
    throw new CommandError('weights_invalid', `${what} has a blob [${shape.slice(0, 8)}] with ${data.length} numbers`);
  }
  return { shape, data };
}

/** Numbers in NVIDIA's Caffe: the element types that it writes. */
const RAW_TYPES = { double: 0, float: 1, half: 2 } as const;

function numbersOf({ data, doubleData, rawData, rawDataType }: BlobProto, what: string): Float32Array {
  if (data?.length) return data;
  if (doubleData?.length) return doubleData;
  if (!rawData?.length) return new Float32Array();
  const copy = new Uint8Array(rawData).buffer; // is aligned
  if (rawDataType === RAW_TYPES.float && rawData.length % 4 === 0) return new Float32Array(copy);
  if (rawDataType === RAW_TYPES.half && rawData.length % 2 === 0) return new Float32Array(new Float16Array(copy));
  if ((rawDataType ?? RAW_TYPES.double) === RAW_TYPES.double && rawData.length % 8 === 0) {
    return new Float32Array(new Float64Array(copy));
  }
  throw new CommandError('weights_invalid', `${what} has raw data of the type ${rawDataType}, which isn’t supported`);
}
