"""Classes of Keras that a request must not name, each with the reason that the client is told."""

_CODE = "it runs code that is not part of the request's data"
_FILE = "it reads or writes files at a path"
_SERVED = "the service does this itself for every job"
_ABSTRACT = "it is a base class, not something to be used directly"
_VALUES = "it aggregates plain values, not predictions against targets"

FORBIDDEN: dict[str, dict[str, str]] = {
    "layers": {
        "Lambda": _CODE,
        "TFSMLayer": _FILE,
        "TorchModuleWrapper": _CODE,
        "JaxLayer": _CODE,
        "FlaxLayer": _CODE,
        "Layer": _ABSTRACT,
        "Wrapper": _ABSTRACT,
        "Equalization": "Keras cannot connect it: its symbolic output is its input",
        "InputSpec": "it describes an input of a layer and is no layer",
    },
    "optimizers": {
        "Optimizer": _ABSTRACT,
        "MultiOptimizer": "it names layers by Python predicates, which a request cannot hold",
        "OptimizerMap": "it names layers by Python predicates, which a request cannot hold",
    },
    "losses": {"Loss": _ABSTRACT},
    "metrics": {
        "Metric": _ABSTRACT,
        "MeanMetricWrapper": _CODE,
        "Mean": _VALUES,
        "Sum": _VALUES,
    },
    "callbacks": {
        "Callback": _ABSTRACT,
        "CallbackList": _SERVED,
        "History": _SERVED,
        "ProgbarLogger": _SERVED,
        "BackupAndRestore": f"{_FILE}; {_SERVED}",
        "OrbaxCheckpoint": f"{_FILE}; {_SERVED}",
        "CSVLogger": f"{_FILE}; {_SERVED}",
        "TensorBoard": f"{_FILE}; metrics are kept with the job",
        "RemoteMonitor": "it sends data to a URL; metrics are kept with the job",
        "LambdaCallback": _CODE,
    },
    "initializers": {"Initializer": _ABSTRACT},
    "regularizers": {"Regularizer": _ABSTRACT},
    "constraints": {"Constraint": _ABSTRACT},
    "schedules": {"LearningRateSchedule": _ABSTRACT},
    "activations": {},
}
"""By kind and class name: why the class is refused."""

FORBIDDEN_ARGUMENTS: dict[str, str] = {
    "quantization_config": "quantized training is not offered",
    "gptq_unpacked_column_size": "quantized training is not offered",
    "input_tensor": "a request cannot hold a tensor",
    "sparse": "sparse tensors are not offered",
    "ragged": "ragged tensors are not offered",
    "batch_size": "the batch size belongs under fit; a network takes any",
    "stateful": "rows are shuffled, so a batch does not continue the one before",
    "unroll": "it changes no result, and building it takes time and memory for every step",
    "optional": "optional inputs are not offered",
}
"""Arguments that may only keep a value of null or false, with the reason."""

CONFIG_ONLY = ("vocabulary_size", "rms_scaling", "quantization_config", "oov_method")
"""What Keras writes into some configs though the constructor does not name it: dropped there
unless it says something (true or an object)."""
