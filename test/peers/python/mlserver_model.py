# Runs a model file for MLServer, which has no runtime for ONNX of its own.
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceResponse
from network import Network


class FileModel(MLModel):
    async def load(self):
        self.network = Network(self.settings.parameters.uri)
        return True

    async def predict(self, request):
        names = [output.name for output in request.outputs]
        values = self.network.run(names, NumpyCodec.decode_input(request.inputs[0]))
        outputs = [NumpyCodec.encode_output(name, value) for name, value in zip(names, values)]
        return InferenceResponse(model_name=self.name, outputs=outputs)
