/** The version of onnxruntime-node whose libraries are recorded here. */
export const RECORDED_VERSION = '1.30.0';

/**
 * SHA-256 hashes of the libraries in the npm package onnxruntime-node {@link RECORDED_VERSION}, by platform.
 * pnpm-lock.yaml pins the package that they come from (`sha256sum bin/napi-v6/*\/*\/*`, 2026-11). The CUDA provider's
 * libraries aren't in any npm package and were never available here, so there are no hashes for them.
 */
export const RECORDED_LIBRARIES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'linux/x64': {
    'libonnxruntime.so.1': 'ffb75a925ba05e47b235bb66e3e3911714a80b328a9c9425539feb204aa32a23',
    'onnxruntime_binding.node': 'ccdc60b981d93a490cf9513d3f583547252b6e285b72988a96a494f2f006c7b8',
  },
  'linux/arm64': {
    'libonnxruntime.so.1': '1f549d46250b005580b597f4164984aaf75b3bcb9f3aeb07c7f8a8fe60b23c76',
    'onnxruntime_binding.node': 'afec78dc11d38dc81605b068cefe1fc73ffe77ca240c15468aa40786150beac8',
  },
  'darwin/arm64': {
    'libonnxruntime.1.dylib': '685d2be5dba1309c89d3a5324b7fd06a5c42f1a61bfea32d14c4cc28d072121d',
    'onnxruntime_binding.node': 'a3f993357759b06ae2411f70af60f5e041d04521ea7f0d12cb7546e411a527dd',
  },
  'win32/x64': {
    'onnxruntime.dll': '508c362f5673483dd3a086379c392795b2e42d10d5e6f3f90ebd7ac21c97af67',
    'onnxruntime_binding.node': 'ddd428464069b84414d34ec1796c7c2a69c33a976e4b0390692629e394f92fa1',
  },
  'win32/arm64': {
    'onnxruntime.dll': '6c3a2abf5c6aca11c48a0d338a91af309f2266f25ce2e4084e6a87bbcb0fbfd0',
    'onnxruntime_binding.node': 'd8179924f15c2d3c1c8a75c50adf1671ec28c7f1cb0da9fc28b17daa02c5ecf5',
  },
};
