"""Drives `stepback mcp` with the official client: every tool, wrong arguments, small answers, a call taken back, two clients."""

import asyncio
import json
import sys

from mcp import ClientSession, StdioServerParameters
from mcp.client.stdio import stdio_client

PROGRAM, FOLDER = sys.argv[1:3]
LOAN = "loan-quote-missing-field.sfn.json"
ORDER = "order-payment-declined.sfn.json"
MACHINE = {"StartAt": "A", "States": {"A": {"Type": "Pass", "End": True}}}

CALLS = [
    ("open", {}, "files"),
    ("open", {"target": LOAN}, "executions"),
    ("why", {"target": LOAN}, "causes"),
    ("show", {"target": LOAN}, "visits"),
    ("show", {"target": LOAN, "state": "FetchReport"}, "visits"),
    ("show", {"target": LOAN, "at": 37}, "place"),
    ("show", {"target": ORDER, "what": "events", "event_type": "Failed"}, "events"),
    ("trace", {"target": LOAN, "path": "$report"}, "hops"),
    ("diff", {"target": "shipping-quote-carrier-changed.sfn.json"}, "divergence"),
    ("explain", {"target": ORDER}, "visits"),
    ("flow", {"target": LOAN}, "visits"),
    ("replay", {"target": LOAN}, "fidelity"),
    ("run", {"definition": MACHINE, "input": {"a": 1}}, "status"),
    ("test_state", {"definition": MACHINE, "state": "A", "input": {"a": 1}}, "output"),
    ("query", {"expression": "$.a", "input": {"a": 1}}, "value"),
    ("check", {"definition": MACHINE}, "result"),
    ("fleet", {"paths": ["."]}, "clusters"),
]
WRONG = [
    ("why", {}),
    ("why", {"target": "../Cargo.toml"}),
    ("why", {"target": LOAN, "more": 1}),
    ("show", {"target": LOAN, "at": "x"}),
    ("replay", {"target": LOAN, "answers": {"FetchReport": [{"command": ["id"]}]}}),
]


def failed(result):
    return getattr(result, "is_error", None) or getattr(result, "isError", False)


async def asked(session, name, arguments):
    result = await session.call_tool(name, arguments)
    return failed(result), result.content[0].text


async def drive(session):
    await session.initialize()
    tools = {tool.name for tool in (await session.list_tools()).tools}
    assert tools == {name for name, _, _ in CALLS}, tools
    for name, arguments, member in CALLS:
        wrong, text = await asked(session, name, arguments)
        assert not wrong, (name, arguments, text)
        assert member in json.loads(text), (name, arguments, text)
        assert len(text.encode()) < 4000, (name, arguments, len(text))
    for name, arguments in WRONG:
        wrong, text = await asked(session, name, arguments)
        assert wrong and text, (name, arguments, text)
    try:
        await session.call_tool("nothing", {})
        raise SystemExit("a tool that is not there answered")
    except Exception as error:
        assert "no tool nothing" in str(error), error
    long = {"target": "bad-files-in-nightly-import.sfn.json.gz", "what": "events", "bytes": 60000}
    _, text = await asked(session, "show", long)
    assert len(text.encode()) < 66000, len(text)
    try:
        await asyncio.wait_for(session.call_tool("show", long), 0.001)
        raise SystemExit("it could not be taken back")
    except (asyncio.TimeoutError, TimeoutError):
        pass
    wrong, _ = await asked(session, "why", {"target": LOAN})
    assert not wrong
    prompts = (await session.list_prompts()).prompts
    assert len(prompts) == 3
    prompt = await session.get_prompt("prove_fix", {"target": LOAN})
    assert LOAN in prompt.messages[0].content.text
    resources = (await session.list_resources()).resources
    uri = next(it.uri for it in resources if str(it.uri).startswith("stepback://definition/loan"))
    read = await session.read_resource(uri)
    assert "StartAt" in read.contents[0].text


async def client():
    server = StdioServerParameters(command=PROGRAM, args=["mcp", FOLDER])
    async with stdio_client(server) as (incoming, outgoing):
        async with ClientSession(incoming, outgoing) as session:
            await drive(session)


async def main():
    await asyncio.gather(client(), client())
    print("all is well")


asyncio.run(main())
