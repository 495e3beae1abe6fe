#!/usr/bin/env python3
"""Makes data/services.bin: what the APIs take and give that Step Functions calls.

    python3 -m venv v && v/bin/pip install botocore==1.44.8
    v/bin/python crates/states-language/tools/services.py

Source: the API models in the Python package botocore (Apache-2.0), version as printed and as kept in the file's first
line. Only facts are taken out of them: names of services, actions and members, which members are required, types,
enumerations and bounds. Members are written as Step Functions writes them, with a capital first letter.

The file is a series of blocks, each one or several services, each deflated on its own so that only what a definition
names is read:

    "stepback services 1 botocore <version>\n"
    u32 count, then for each service: u8 length, name, and as u32 the offset and length of its block in the file and
    the offset and length of its text in the inflated block                         (little endian, sorted by name)
    blocks

The first lines of a service's text are its actions, then an empty line, then the shapes, one a line, counted from 0:

    A <action> <input> <output>      a reference to a shape each, or "-" where nothing is known
    s <min> <max>                    text            i, f: whole and other numbers     x: bytes, written as text
    e <value>|<value>                one of these texts
    l <item> <min> <max>             list            m <value>: map
    o <member>:<reference> <member>!<reference>      structure; "!" marks a member that is required

A reference is the number of a shape, or a letter for one without details: s i f b (boolean) t (time) x d (any JSON)
l m o (a list, a map, a structure of which no more is kept).
"""
import gzip, json, os, re, struct, sys, zlib
import botocore

DATA = os.path.join(os.path.dirname(botocore.__file__), "data")
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "data", "services.bin")
LIMIT = 500_000

# Optimized integrations: service in the ARN -> API -> operation of a model, or its members written out where the
# integration is no operation of an API ("!" marks a required one). From the integrations' pages of the Developer Guide.
HTTP_RESULT = "Headers:m ResponseBody:d StatusCode:i StatusText:s"
OPTIMIZED = {
    "apigateway": {"invoke": ("ApiEndpoint!s Method!s Stage:s Path:s Headers:h QueryParameters:h RequestBody:d AllowNullValues:b AuthType:s", HTTP_RESULT)},
    "athena": ("athena", ["startQueryExecution", "stopQueryExecution", "getQueryExecution", "getQueryResults"]),
    "batch": ("batch", ["submitJob"]),
    "bedrock": {"invokeModel": ("ModelId!s Body:d Input:o Output:o Accept:s ContentType:s Trace:s GuardrailIdentifier:s GuardrailVersion:s PerformanceConfigLatency:s ServiceTier:s", "Body:d ContentType:s"),
                "createModelCustomizationJob": ("bedrock", "CreateModelCustomizationJob")},
    "codebuild": ("codebuild", ["startBuild", "startBuildBatch", "retryBuildBatch", "stopBuild", "stopBuildBatch", "batchDeleteBuilds", "deleteBuildBatch", "batchGetReports"]),
    "databrew": ("databrew", ["startJobRun"]),
    "dynamodb": ("dynamodb", ["getItem", "putItem", "deleteItem", "updateItem"]),
    "ecs": ("ecs", ["runTask"]),
    "eks": {"call": ("ClusterName!s CertificateAuthority!s Endpoint!s Method!s Path!s QueryParameters:m RequestBody:d", "ResponseBody:d StatusCode:i StatusText:s Headers:m"),
            "runJob": ("ClusterName!s CertificateAuthority!s Endpoint!s Job!d LogOptions:o Namespace:s", None),
            **{a: ("eks", a[0].upper() + a[1:]) for a in ("createCluster", "deleteCluster", "createFargateProfile", "deleteFargateProfile", "createNodegroup", "deleteNodegroup")}},
    "elasticmapreduce": {"createCluster": ("emr", "RunJobFlow"),
                         "terminateCluster": ("ClusterId!s", ""),
                         "addStep": ("ClusterId!s Step!o ExecutionRoleArn:s", "StepId:s"),
                         "cancelStep": ("ClusterId!s StepId!s", None),
                         "setClusterTerminationProtection": ("ClusterId!s TerminationProtected!b", ""),
                         "modifyInstanceFleetByName": ("ClusterId!s InstanceFleetName!s InstanceFleet!o", ""),
                         "modifyInstanceGroupByName": ("ClusterId!s InstanceGroupName!s InstanceGroup!o", "")},
    "emr-containers": ("emr-containers", ["createVirtualCluster", "deleteVirtualCluster", "startJobRun"]),
    "emr-serverless": ("emr-serverless", ["createApplication", "updateApplication", "startApplication", "stopApplication", "deleteApplication", "startJobRun", "cancelJobRun"]),
    "events": ("events", ["putEvents"]),
    "glue": ("glue", ["startJobRun"]),
    "http": {"invoke": ("ApiEndpoint!s Method!s Authentication:o InvocationConfig:o Headers:m QueryParameters:m RequestBody:d Transform:o", HTTP_RESULT)},
    "lambda": {"invoke": ("FunctionName!s Payload:d ClientContext:s InvocationType:s LogType:s Qualifier:s DurableExecutionName:s TenantId:s", ("lambda", "Invoke"))},
    "mediaconvert": ("mediaconvert", ["createJob"]),
    "sagemaker": ("sagemaker", ["createEndpoint", "createEndpointConfig", "createModel", "updateEndpoint", "createHyperParameterTuningJob", "createLabelingJob", "createProcessingJob", "createTrainingJob", "createTransformJob"]),
    "sns": ("sns", ["publish"]),
    "sqs": ("sqs", ["sendMessage"]),
    "states": ("stepfunctions", ["startExecution"]),
}

# Services whose members are kept with everything inside them, most used first, as far as LIMIT reaches.
WHOLE = ("stepfunctions dynamodb sqs sns lambda s3 events kms secretsmanager ssm scheduler logs athena ecr sts "
         "bedrock-runtime textract translate polly comprehend rekognition transcribe rds-data redshift-data kinesis "
         "firehose batch ecs glue codebuild cognito-idp eventbridge ses sesv2 pipes bedrock-agent-runtime bedrock-agent acm "
         "cloudwatch ebs stepfunctions organizations iam servicediscovery emr eks codepipeline databrew "
         "appconfig appconfigdata dsql rds redshift elbv2 autoscaling route53 cloudformation "
         "opensearch timestream-write timestream-query").split()


def model(name):
    folder = os.path.join(DATA, name)
    versions = sorted(v for v in os.listdir(folder) if os.path.exists(os.path.join(folder, v, "service-2.json.gz")))
    if not versions: return None
    with gzip.open(os.path.join(folder, versions[-1], "service-2.json.gz")) as f: return json.load(f)


def sdk_name(m):
    """The name of a service behind `aws-sdk:`: that of its package in the SDK for Java 2.x."""
    name = re.sub(r"[^A-Za-z0-9]", "", m["metadata"].get("serviceId") or m["metadata"]["endpointPrefix"])
    name = re.sub(r"^(Amazon|AWS|Aws)", "", name)
    return re.sub(r"Service$", "", name).lower() or name.lower()


def pascal(member): return member[:1].upper() + member[1:]
def action(operation): return operation[:1].lower() + operation[1:]

# Texts that Step Functions makes of any JSON it is given.
JSON_TEXT = {"Input", "MessageBody", "Message", "Detail", "Payload", "Body", "RequestBody", "ClientContext"}

PLAIN = {"string": "s", "character": "s", "integer": "i", "long": "i", "float": "f", "double": "f", "boolean": "b", "timestamp": "t", "blob": "x"}


class Block:
    """The text of one service."""
    def __init__(self): self.actions, self.lines, self.known, self.taking = [], [], {}, False

    def line(self, text):
        if text not in self.known: self.known[text] = len(self.lines); self.lines.append(text)
        return str(self.known[text])

    def written(self, members):
        return self.line("o " + members) if members is not None else "-"

    def shape(self, m, name, depth, path=()):
        s = m["shapes"][name]; kind = s["type"]
        low, high = s.get("min"), s.get("max")
        bounds = f" {'' if low is None else num(low)} {'' if high is None else num(high)}".rstrip() if low is not None or high is not None else ""
        if s.get("document") or kind == "structure" and s.get("eventstream"): return "d"
        if kind in PLAIN:
            letter = PLAIN[kind]
            if depth == 0: return letter
            if s.get("enum"): return self.line("e " + "|".join(s["enum"])) if len(s["enum"]) <= 80 else letter
            if letter in "sx" and not low and (high is None or high >= 10000): return letter
            return self.line(letter + bounds) if bounds and letter in "sifx" else letter
        if depth == 0 or name in path: return {"list": "l", "map": "m"}.get(kind, "o")
        inner = path + (name,)
        if kind == "list": return self.line("l " + self.shape(m, s["member"]["shape"], depth - 1, inner) + bounds)
        if kind == "map": return self.line("m " + self.shape(m, s["value"]["shape"], depth - 1, inner))
        return self.line("o " + self.members(m, s, depth, inner))

    def members(self, m, s, depth, path):
        # A token against doing a thing twice is made up by the SDK.
        required = [n for n in s.get("required", []) if not (self.taking and s["members"].get(n, {}).get("idempotencyToken"))]
        order = list(required) + [n for n in s.get("members", {}) if n not in required]
        def reference(n):
            shape = s["members"][n]["shape"]
            if self.taking and pascal(n) in JSON_TEXT and m["shapes"][shape]["type"] in ("string", "blob"): return "d"
            return self.shape(m, shape, depth - 1, path)
        return " ".join(pascal(n) + ("!" if n in required else ":") + reference(n) for n in order if n in s.get("members", {}))

    def operation(self, m, operation, depth_in, depth_out, name=None):
        o = m["operations"][operation]
        given = o.get("input", {}).get("shape"); gives = o.get("output", {}).get("shape")
        self.taking = True
        i = self.shape(m, given, depth_in) if given else self.line("o ")
        self.taking = False
        r = "-" if depth_out == 0 else self.shape(m, gives, depth_out) if gives else self.line("o ")
        self.actions.append(f"A {name or action(operation)} {i} {r}")

    def text(self):
        return ("\n".join(self.actions) + "\n\n" + "\n".join(self.lines) + "\n").encode()


def deflated(text):
    c = zlib.compressobj(9, zlib.DEFLATED, -15); return c.compress(text) + c.flush()


def num(n): return f"{n:g}" if isinstance(n, float) and n != int(n) else str(int(n))


def optimized(service, entry, models):
    b = Block()
    if isinstance(entry, tuple):
        m = models[entry[0]]
        for a in entry[1]: b.operation(m, a[0].upper() + a[1:], 12, 12)
        return b
    for name, (given, gives) in entry.items():
        if given in models and " " not in given and gives in models[given]["operations"]: b.operation(models[given], gives, 12, 12, name); continue
        # "h": a map whose values are lists, as API Gateway wants its headers.
        fields = re.sub(r"\b(Headers|QueryParameters):h", lambda x: f"{x[1]}:{b.line('m l')}", given)
        out = b.shape(models[gives[0]], models[gives[0]]["operations"][gives[1]]["output"]["shape"], 12) if isinstance(gives, tuple) else b.written(gives)
        b.actions.append(f"A {name} {b.written(fields)} {out}")
    return b


def main():
    names = sorted(n for n in os.listdir(DATA) if os.path.isdir(os.path.join(DATA, n)))
    models = {n: m for n in names if (m := model(n))}
    own = {service: optimized(service, entry, models).text() for service, entry in OPTIMIZED.items()}
    plain, called = {}, {}
    for n, m in models.items():
        name = "aws-sdk:" + sdk_name(m)
        if name in plain: print(f"two models are called {name}: {n} left out", file=sys.stderr); continue
        b = Block(); called[n] = name
        for operation in m["operations"]: b.operation(m, operation, 1, 0)
        plain[name] = b.text()
    size = sum(len(block) for block, _ in grouped(plain)) + sum(len(deflated(t)) for t in own.values()) + 25 * (len(own) + len(plain)) + 512
    for n in dict.fromkeys(WHOLE):
        if n not in called: continue
        b = Block()
        for operation in models[n]["operations"]: b.operation(models[n], operation, 10, 10)
        more = len(deflated(b.text()))
        if size + more > LIMIT: print(f"no room for all of {n} ({more} bytes)", file=sys.stderr); continue
        size += more; own[called[n]] = b.text(); del plain[called[n]]
    blocks = [(deflated(text), [(name, 0, len(text))]) for name, text in sorted(own.items())] + grouped(plain)
    head = f"stepback services 1 botocore {botocore.__version__}\n".encode()
    count = len(own) + len(plain)
    offset = len(head) + 4 + sum(1 + len(name) + 16 for name in [*own, *plain])
    entries = []
    for block, services in blocks:
        entries += [(name, offset, len(block), start, length) for name, start, length in services]; offset += len(block)
    index = b"".join(bytes([len(e[0])]) + e[0].encode() + struct.pack("<IIII", *e[1:]) for e in sorted(entries))
    data = head + struct.pack("<I", count) + index + b"".join(block for block, _ in blocks)
    os.makedirs(os.path.dirname(OUT), exist_ok=True)
    with open(OUT, "wb") as f: f.write(data)
    print(f"botocore {botocore.__version__}: {count} services, {len(own)} of them whole, {len(data)} bytes")


def grouped(services, limit=120_000):
    """Deflates services that are not often asked for together, for they share words; a group is limited in length."""
    blocks, text, members = [], b"", []
    for name, own in sorted(services.items()):
        if text and len(text) + len(own) > limit: blocks.append((deflated(text), members)); text, members = b"", []
        members.append((name, len(text), len(own))); text += own
    return blocks + [(deflated(text), members)]


if __name__ == "__main__":
    main()
