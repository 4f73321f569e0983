# Serves model files with KServe's SDK: the port, then NAME=FILE of each model.
import os
import sys

from kserve import InferOutput, InferResponse, Model, ModelServer
from kserve.utils.numpy_codec import from_np_dtype
from network import Network


class FileModel(Model):
    def __init__(self, name, path):
        super().__init__(name)
        self.path = path
        self.network = Network(path)
        self.ready = True

    # A model whose file a test takes away isn't ready.
    async def healthy(self):
        return os.path.exists(self.path)

    def predict(self, request, headers=None):
        names = [output.name for output in request.request_outputs]
        values = self.network.run(names, request.inputs[0].as_numpy())
        return InferResponse(
            request.id,
            self.name,
            [InferOutput(name, list(value.shape), from_np_dtype(value.dtype), value) for name, value in zip(names, values)],
            use_binary_outputs=request.use_binary_outputs,
            requested_outputs=request.request_outputs,
        )


port, *models = sys.argv[1:]
ModelServer(http_port=int(port), enable_grpc=False).start([FileModel(*model.split("=", 1)) for model in models])
