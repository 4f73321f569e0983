# Asks a server with Triton's own client, and prints what it says as JSON: URL, token, file of photos, model's name.
import json
import sys

import numpy
from tritonclient.http import InferenceServerClient, InferInput, InferRequestedOutput
from tritonclient.utils import InferenceServerException

address, token, path, model = sys.argv[1:]
headers = {"Authorization": f"Bearer {token}"}
photos = numpy.fromfile(path, numpy.uint8).reshape(-1, 1, 224, 224)
client = InferenceServerClient(address)


def infer(name, photos, binary):
    tensor = InferInput("photos", photos.shape, "UINT8")
    tensor.set_data_from_numpy(photos, binary_data=binary)
    outputs = [InferRequestedOutput(output, binary_data=binary) for output in ("confidence", "evidence")]
    # The client adds the length of this request's JSON to the headers that it gets.
    result = client.infer(name, [tensor], outputs=outputs, headers=dict(headers), priority=1, timeout=5_000_000)
    return {output: result.as_numpy(output).flatten().tolist() for output in ("confidence", "evidence")}


def refusal(act):
    try:
        act()
    except InferenceServerException as error:
        return [error.status(), error.message()]


print(json.dumps({
    "live": client.is_server_live(),
    "ready": client.is_server_ready(),
    "modelReady": client.is_model_ready(model, headers=headers),
    "otherReady": client.is_model_ready("other", headers=headers),
    "server": client.get_server_metadata(headers=headers),
    "metadata": client.get_model_metadata(model, headers=headers),
    "config": client.get_model_config(model, headers=headers),
    "binary": infer(model, photos, True),
    "json": infer(model, photos, False),
    "withoutToken": refusal(lambda: client.get_model_metadata(model)),
    "otherModel": refusal(lambda: infer("other", photos, True)),
    "tooMany": refusal(lambda: infer(model, numpy.zeros((33, 1, 224, 224), numpy.uint8), True)),
    "otherShape": refusal(lambda: infer(model, numpy.zeros((1, 224, 224), numpy.uint8), True)),
}))
