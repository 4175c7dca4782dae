# SPDX-License-Identifier: Apache-2.0
"""Uses the control socket through the reference client of Varlink and prints one line per check: `ok NAME` or
`FAILED NAME: why`. The socket is the only argument. At the end the daemon has been told to stop."""

import sys

import varlink

from checks import check, run

CONTROL = "io.qwenproxy.Control"
SERVICE = "org.varlink.service"

client = varlink.Client.new_with_address("unix:" + sys.argv[1])
called = set()


def call(method, *arguments, **more):
    called.add(method)
    with client.open(CONTROL) as control:
        return getattr(control, method)(*arguments, **more)


def refusal(interface, method, *arguments, **more):
    """The error that a call is answered with."""
    with client.open(interface) as service:
        try:
            service._call(method, *arguments, **more)
        except varlink.VarlinkError as error:
            return error.error(), error.parameters()
    return None


def methods():
    members = client.get_interface(CONTROL).members
    return {name for name, member in members.items() if type(member).__name__ == "_Method"}


@check
def introspection():
    with client.open(SERVICE) as service:
        info = service.GetInfo()
        assert info["product"] == "qwenproxyd" and info["version"], info
        assert info["interfaces"] == [CONTROL, SERVICE], info
        for name in info["interfaces"]:
            text = service.GetInterfaceDescription(name)["description"]
            # The reference parser reads it.
            assert varlink.Interface(text).name == name


@check
def status():
    answer = call("GetStatus")
    assert answer["state"] == "running" and answer["pid"] > 1, answer


@check
def log_levels():
    assert call("GetLogLevel")["level"] == "info"
    answer = call("SetLogLevel", "debug", "server")
    levels = {entry["name"]: entry["level"] for entry in answer["subsystems"]}
    assert answer["level"] == "info" and levels["server"] == "debug" and levels["requests"] == "info", answer
    answer = call("SetLogLevel", None, None)
    assert {entry["level"] for entry in answer["subsystems"]} == {"info"}, answer


@check
def configuration():
    answer = call("GetConfiguration")
    values = {entry["key"]: entry.get("value") for entry in answer["settings"]}
    assert values["server.host"] == "127.0.0.1" and values["upstream.api_key"] == "***", values
    assert call("GetClientSettings")["baseURL"].startswith("http://127.0.0.1:")


@check
def reload():
    assert call("Reload")["changed"] == []


@check
def monitor():
    called.add("Monitor")
    with client.open(CONTROL) as control:
        reports = control.Monitor(100, _more=True)
        for _ in range(3):
            report = next(reports)
            assert report["requests"]["inFlight"] == 0 and report["live"] == [], report


@check
def credentials():
    # The gateway under test has an API key, so there is nothing to renew. A login would ask its server.
    called.update(["Login", "RefreshToken", "Logout"])
    known = methods()
    if "Login" in known:
        assert refusal(CONTROL, "Login")[0] == SERVICE + ".ExpectedMore"
    for method in {"RefreshToken", "Logout"} & known:
        answer = refusal(CONTROL, method)
        assert answer is None or answer[0] == CONTROL + ".CredentialsFailed", answer


@check
def usage():
    known = methods()
    if "GetUsage" in known:
        answer = call("GetUsage")
        assert len(answer["today"]) == 10 and isinstance(answer["days"], list), answer


@check
def upstreams():
    known = methods()
    if "ListUpstreams" in known:
        assert call("ListUpstreams")["upstreams"][0]["name"] == "default"
    if "TestUpstream" in known:
        assert call("TestUpstream", None)["succeeded"] is True
    if "ExplainModel" in known:
        assert call("ExplainModel", "qwen3-coder-plus", None)["fields"]
    if "ExplainRoute" in known:
        assert call("ExplainRoute", "claude-sonnet-5", None, None, None, None)["candidates"]


@check
def standard_errors():
    error, parameters = refusal(CONTROL, "Monitor", 100)
    assert error == SERVICE + ".ExpectedMore", error
    error, parameters = refusal(CONTROL, "SetLogLevel", "loud", None)
    assert error == SERVICE + ".InvalidParameter" and parameters["parameter"] == "level", (error, parameters)
    error, parameters = refusal(CONTROL, "SetLogLevel", "info", "kitchen")
    assert error == SERVICE + ".InvalidParameter" and parameters["parameter"] == "subsystem", (error, parameters)
    error, parameters = refusal(CONTROL, "Monitor", 1, _more=True) or (None, None)
    try:
        client.get_interface("a.b")
    except varlink.InterfaceNotFound:
        pass
    else:
        raise AssertionError("an interface that is not there was found")


@check
def every_method():
    unknown = methods() - called - {"Restart", "Stop"}
    assert not unknown, f"never called: {sorted(unknown)}"
    # Who comes next is the daemon to go on with.
    assert call("Restart")["pid"] > 1
    call("Stop")


run()
