import protobuf from 'protobufjs';
import { readProto } from './read-proto.ts';

/**
 * ONNX as protobuf messages: the part of `onnx.proto` (version 1.x, IR 8) that this project reads and writes. Field
 * numbers are ONNX's. The file format is specified at https://github.com/onnx/onnx/blob/main/docs/IR.md.
 */
const messages = protobuf.Root.fromJSON({
  nested: {
    StringStringEntryProto: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    TensorProto: {
      fields: {
        dims: { rule: 'repeated', type: 'int64', id: 1 },
        dataType: { type: 'int32', id: 2 },
        floatData: { rule: 'repeated', type: 'float', id: 4, options: { packed: true } },
        int32Data: { rule: 'repeated', type: 'int32', id: 5, options: { packed: true } },
        int64Data: { rule: 'repeated', type: 'int64', id: 7, options: { packed: true } },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
        externalData: { rule: 'repeated', type: 'StringStringEntryProto', id: 13 },
        dataLocation: { type: 'int32', id: 14 },
      },
    },
    AttributeProto: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        t: { type: 'TensorProto', id: 5 },
        g: { type: 'GraphProto', id: 6 },
        ints: { rule: 'repeated', type: 'int64', id: 8, options: { packed: false } },
        type: { type: 'int32', id: 20 },
      },
    },
    NodeProto: {
      fields: {
        input: { rule: 'repeated', type: 'string', id: 1 },
        output: { rule: 'repeated', type: 'string', id: 2 },
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: { rule: 'repeated', type: 'AttributeProto', id: 5 },
        domain: { type: 'string', id: 7 },
      },
    },
    Dimension: { fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } } },
    TensorShapeProto: { fields: { dim: { rule: 'repeated', type: 'Dimension', id: 1 } } },
    TensorTypeProto: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'TensorShapeProto', id: 2 } } },
    TypeProto: { fields: { tensorType: { type: 'TensorTypeProto', id: 1 } } },
    ValueInfoProto: { fields: { name: { type: 'string', id: 1 }, type: { type: 'TypeProto', id: 2 } } },
    GraphProto: {
      fields: {
        node: { rule: 'repeated', type: 'NodeProto', id: 1 },
        name: { type: 'string', id: 2 },
        initializer: { rule: 'repeated', type: 'TensorProto', id: 5 },
        input: { rule: 'repeated', type: 'ValueInfoProto', id: 11 },
        output: { rule: 'repeated', type: 'ValueInfoProto', id: 12 },
      },
    },
    OperatorSetIdProto: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    ModelProto: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        graph: { type: 'GraphProto', id: 7 },
        opsetImport: { rule: 'repeated', type: 'OperatorSetIdProto', id: 8 },
        metadataProps: { rule: 'repeated', type: 'StringStringEntryProto', id: 14 },
      },
    },
  },
});

const modelType = messages.resolveAll().lookupType('ModelProto');

/** ONNX's numbers for element types. */
export const DATA_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9, float16: 10 } as const;

export type DataType = keyof typeof DATA_TYPES;

/** ONNX's numbers for attribute types. */
export const ATTRIBUTE_TYPES = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, ints: 7 } as const;

/**
 * A tensor, row-major. Its numbers are little-endian `rawData`, a list of its type (float16 as bits in `int32Data`), or
 * in another file.
 */
export interface TensorProto {
  name: string;
  dims: number[];
  dataType: number;
  rawData?: Uint8Array;
  floatData?: ArrayLike<number>;
  int32Data?: ArrayLike<number>;
  int64Data?: ArrayLike<number>;
  externalData?: { key: string; value: string }[];
  /** 1 if the numbers are in another file. */
  dataLocation?: number;
}

/** One attribute of a node. Its `type`, one of {@link ATTRIBUTE_TYPES}, says which field holds the value. */
export interface AttributeProto {
  name: string;
  type: number;
  f?: number;
  i?: number;
  s?: Uint8Array;
  t?: TensorProto;
  g?: GraphProto;
  ints?: number[];
}

/** One operation. Its inputs and outputs are names of values. */
export interface NodeProto {
  name: string;
  opType: string;
  domain?: string;
  input: string[];
  output: string[];
  attribute: AttributeProto[];
}

/** A named input or output with its type. A dimension is a number, or a name if its size is free. */
export interface ValueInfoProto {
  name: string;
  type: { tensorType: { elemType: number; shape: { dim: { dimValue?: number; dimParam?: string }[] } } };
}

/** A graph: a model's own, or the body of a `Loop`. */
export interface GraphProto {
  name: string;
  node: NodeProto[];
  initializer: TensorProto[];
  input: ValueInfoProto[];
  output: ValueInfoProto[];
}

export interface ModelProto {
  irVersion: number;
  producerName: string;
  opsetImport: { domain?: string; version: number }[];
  graph: GraphProto;
  metadataProps?: { key: string; value: string }[];
}

/**
 * Encodes a model file. protobufjs would need three times the file's size in memory for the tensors, so it only encodes
 * what is around their bytes.
 */
export function encodeModelProto({ graph, ...model }: ModelProto): Uint8Array {
  const { initializer, input, output, ...nodes } = graph;
  const tensors = initializer.flatMap((tensor) => piecesOf(FIELDS.initializer, tensorPieces(tensor)));
  const graphPieces = [encoded('GraphProto', nodes), ...tensors, encoded('GraphProto', { input, output })];
  const { irVersion, producerName, ...after } = model;
  return joined([
    encoded('ModelProto', { irVersion, producerName }),
    ...piecesOf(FIELDS.graph, graphPieces),
    encoded('ModelProto', after),
  ]);
}

/** The numbers of the fields that hold messages with tensors' bytes, and of those bytes. */
const FIELDS = { graph: 7, initializer: 5, rawData: 9 } as const;

function tensorPieces({ rawData, externalData, dataLocation, ...tensor }: TensorProto): Uint8Array[] {
  const outside = externalData ? [encoded('TensorProto', { externalData, dataLocation })] : [];
  return [encoded('TensorProto', tensor), ...(rawData ? piecesOf(FIELDS.rawData, [rawData]) : []), ...outside];
}

/** Returns a field of bytes: its number, its length, and then its pieces. */
function piecesOf(field: number, pieces: readonly Uint8Array[]): Uint8Array[] {
  const head = protobuf.Writer.create().uint32(field * 8 + 2);
  return [head.uint32(lengthOf(pieces)).finish(), ...pieces];
}

const encoded = (type: string, message: object): Uint8Array => {
  const found = messages.lookupType(type);
  return found.encode(found.fromObject(message)).finish();
};

const lengthOf = (pieces: readonly Uint8Array[]) => pieces.reduce((sum, { length }) => sum + length, 0);

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(lengthOf(pieces));
  let at = 0;
  for (const piece of pieces) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/**
 * Encodes metadata (`metadata_props`) as bytes to append to a model file. Protobuf merges concatenated messages into
 * one.
 */
export function encodeMetadata(metadata: Readonly<Record<string, string>>): Uint8Array {
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value }));
  return modelType.encode(modelType.fromObject({ metadataProps })).finish();
}

/**
 * Decodes an untrusted model file. Empty lists are present, and fields that this project doesn't use are missing.
 *
 * @throws CommandError `weights_invalid` if the file has more of something than any GoogLeNet.
 * @throws Error if the bytes are not such a message or have no graph.
 */
export function decodeModelProto(bytes: Uint8Array): ModelProto {
  const model = readProto(modelType, bytes) as unknown as Partial<ModelProto>;
  if (!model.graph) throw new Error('the file has no ONNX graph');
  return model as ModelProto;
}
