"""Writes fixtures/goldens/cluster/*.json: what TensorFlow's cluster resolvers make of TF_CONFIG and of Slurm's variables.

usage: .venv/bin/python scripts/goldens/generate_cluster_goldens.py

A case holds the input and either the outcome or the name of the exception. The inputs are those that people write, each of
them with one mistake, and random combinations of parts (the seed is fixed).
"""
import itertools
import json
import os
import pathlib
import random

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

from tensorflow.python.distribute import multi_worker_util
from tensorflow.python.distribute.cluster_resolver import slurm_cluster_resolver
from tensorflow.python.distribute.cluster_resolver.slurm_cluster_resolver import SlurmClusterResolver
from tensorflow.python.distribute.cluster_resolver.tfconfig_cluster_resolver import TFConfigClusterResolver

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "fixtures" / "goldens" / "cluster"
RANDOM_CASES = 400


def hosts(count, start=0):
    return [f"10.0.0.{index + start}:2222" for index in range(count)]


CLUSTERS = [
    {"worker": hosts(1)},
    {"worker": hosts(2)},
    {"worker": hosts(3), "chief": hosts(1, 100)},
    {"chief": hosts(1)},
    {"chief": hosts(1), "worker": hosts(2, 10), "evaluator": hosts(1, 50)},
    {"worker": hosts(2), "ps": hosts(2, 20)},
    {"chief": hosts(2), "worker": hosts(1, 10)},
    {"worker": hosts(1), "evaluator": hosts(2, 10)},
    {"worker": {"0": "a:1", "1": "b:2"}},
    {"worker": {"1": "a:1"}},
    {"worker": []},
    {"master": hosts(1), "worker": hosts(1, 10)},
    {"ps": hosts(1)},
    {"worker": "10.0.0.1:2222"},
    {"worker": 3},
    {"worker": None},
    {"worker": [1, 2]},
    {"worker": {"a": "b:1"}},
    {"worker": ["localhost:2222", "[::1]:2222", "trainer-0.trainer.default.svc:65535"]},
    {},
    [],
    None,
    "cluster",
]
TASKS = [
    {"type": "worker", "index": 0},
    {"type": "worker", "index": 1},
    {"type": "worker", "index": "1"},
    {"type": "worker", "index": " 2 "},
    {"type": "worker", "index": "+0"},
    {"type": "worker", "index": "one"},
    {"type": "worker", "index": ""},
    {"type": "worker", "index": 7},
    {"type": "worker", "index": None},
    {"type": "worker", "index": 1.0},
    {"type": "chief", "index": 0},
    {"type": "chief", "index": 1},
    {"type": "evaluator", "index": 0},
    {"type": "ps", "index": 0},
    {"type": "master", "index": 0},
    {"type": "worker"},
    {"index": 0},
    {},
    [],
    None,
]
OVERRIDES = [{}, {"task_type": "worker"}, {"task_id": 0}, {"task_type": "chief", "task_id": 0}, {"rpc_layer": "grpc+loas"}]
TEXTS = ["", "{}", "null", "[]", "{", "{'cluster': {}}", '{"cluster": {"worker": ["a:1",]}}', "1", '"text"', "{} {}"]


def outcome(resolver):
    """What MultiWorkerMirroredStrategy asks a resolver for, in its order."""
    spec = resolver.cluster_spec()
    result = {"clusterSpec": spec.as_dict(), "rpcLayer": resolver.rpc_layer}
    if not spec.as_dict():
        return {**result, "local": True}
    task_type, task_id = resolver.task_type, resolver.task_id
    if task_type is None or task_id is None:
        raise ValueError("When `cluster_spec` is given, you must also specify `task_type` and `task_id`.")
    result.update(taskType=task_type, taskId=task_id)
    result["workerIndex"] = multi_worker_util.id_in_cluster(spec, task_type, task_id)
    result["workerCount"] = multi_worker_util.worker_count(spec, task_type)
    result["isChief"] = multi_worker_util.is_chief(spec, task_type, task_id)
    result["collectiveLeader"] = multi_worker_util.collective_leader(spec, task_type, task_id)
    result["coordinationLeader"] = multi_worker_util.coordination_leader(spec)
    return result


def attempt(make):
    try:
        return {"outcome": outcome(make())}
    except Exception as error:
        return {"error": type(error).__name__}


def tf_config_case(text, overrides):
    os.environ["TF_CONFIG"] = text
    return {"config": text, "overrides": overrides, **attempt(lambda: TFConfigClusterResolver(**overrides))}


def tf_config_cases():
    cases = [tf_config_case(text, {}) for text in TEXTS]
    for cluster, task in itertools.product(CLUSTERS, TASKS):
        cases.append(tf_config_case(json.dumps({"cluster": cluster, "task": task}), {}))
    cases += [tf_config_case(json.dumps({"cluster": cluster}), {}) for cluster in CLUSTERS]
    cases += [tf_config_case(json.dumps({"task": task}), {}) for task in TASKS]
    chosen = random.Random(16)
    for _ in range(RANDOM_CASES):
        config = {"cluster": chosen.choice(CLUSTERS), "task": chosen.choice(TASKS), "environment": "cloud"}
        if chosen.random() < 0.3:
            config["rpc_layer"] = chosen.choice(["grpc", None])
        cases.append(tf_config_case(json.dumps(config), chosen.choice(OVERRIDES)))
    return cases


def slurm_case(variables, options):
    for name in list(os.environ):
        if name.startswith("SLURM_") or name == "CUDA_VISIBLE_DEVICES":
            del os.environ[name]
    os.environ.update(variables)
    case = {"variables": variables, "options": options, **attempt(lambda: SlurmClusterResolver(**options))}
    if "outcome" in case:
        case["outcome"]["visibleDevices"] = os.environ.get("CUDA_VISIBLE_DEVICES")
    return case


def slurm_cases():
    layouts = [
        ("n1", "1"),
        ("n[1-2]", "1(x2)"),
        ("n[1-2],m5", "2(x2),1"),
        ("node[001-004]", "2(x4)"),
        ("a[1,3-4,8]", "1(x4)"),
        ("login,node[1-2]", "1,2(x2)"),
        ("n[1-2]", "1"),
        ("n[2-1]", "1"),
        ("n[1-2", "1(x2)"),
        ("n1-2]", "1(x2)"),
        ("n[a-b]", "1(x2)"),
        ("", "1"),
        ("n1,,n2", "1(x2)"),
        ("n1", "one"),
        ("n1", "1(x)"),
        ("n1", ""),
        ("n[1-2]", "2(x2)"),
    ]
    option_sets = [
        {"gpus_per_node": 4},
        {"gpus_per_node": 4, "gpus_per_task": 2},
        {"gpus_per_node": 4, "gpus_per_task": 4, "port_base": 9000},
        {"gpus_per_node": 2, "auto_set_gpu": False},
        {"gpus_per_node": 4, "jobs": {"chief": 1, "worker": 1}},
        {"gpus_per_node": 4, "jobs": {"worker": 2, "ps": 3}},
        {"gpus_per_node": 4, "tasks_per_node": 1},
        {"gpus_per_node": 8, "tasks_per_node": {"x1": 2, "x2": 3}, "jobs": {"worker": 5}},
    ]
    cases = []
    for (nodes, tasks), options, rank in itertools.product(layouts, option_sets, [0, 1, 4]):
        try:
            count = sum(slurm_cluster_resolver.expand_tasks_per_node(tasks))
        except ValueError:
            count = 1
        variables = {
            "SLURM_PROCID": str(rank),
            "SLURM_STEP_NUM_TASKS": str(count),
            "SLURM_STEP_NODELIST": nodes,
            "SLURM_STEP_TASKS_PER_NODE": tasks,
        }
        cases.append(slurm_case(variables, options))
        visible = {**variables, "CUDA_VISIBLE_DEVICES": "0,1,2,3"}
        cases.append(slurm_case(visible, {name: value for name, value in options.items() if name != "gpus_per_node"}))
    cases.append(slurm_case({}, {}))
    cases.append(slurm_case({"SLURM_PROCID": "x"}, {"gpus_per_node": 1}))
    return cases


def hostlist_cases():
    lists = ["n1", "n[1-3]", "n[01-03]", "n[1-2],m5,o[3-4,6,7-9]", "n[098-102]", "a,b,c", "[1-3]", "n[5]", "a-b[1-2]", "n[1-2", "n]", "n[]", ""]
    def expand(text):
        try:
            return {"list": text, "hosts": slurm_cluster_resolver.expand_hostlist(text)}
        except ValueError:
            return {"list": text, "error": "ValueError"}
    return [expand(text) for text in lists]


def write(name, cases):
    FOLDER.mkdir(parents=True, exist_ok=True)
    lines = ",\n".join(json.dumps(case) for case in cases)
    (FOLDER / f"{name}.json").write_text(f"[\n{lines}\n]\n")
    print(f"{name}: {len(cases)} cases, {sum('error' in case for case in cases)} of them errors")


write("tf-config", tf_config_cases())
write("slurm", slurm_cases())
write("hostlists", hostlist_cases())
