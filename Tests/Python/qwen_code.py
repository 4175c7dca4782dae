# SPDX-License-Identifier: Apache-2.0
"""Plays qwen-code on a shared login: the steps of its sharedTokenManager.ts and qwenOAuth2.ts, in their order.

    qwen_code.py DIRECTORY TOKEN_URL         prints an access token, refreshing it first where qwen-code would
    qwen_code.py DIRECTORY TOKEN_URL hold    takes the lock, says so, and keeps it until it is killed
"""

import json
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid

BUFFER = 30.0
STALE = 10.0
CLIENT = "f0304373b74a44d2b584a3fb70ca9e56"

directory, token_url = sys.argv[1], sys.argv[2]
credentials_path = os.path.join(directory, "oauth_creds.json")
lock_path = os.path.join(directory, "oauth_creds.lock")


def read():
    with open(credentials_path) as file:
        return json.load(file)


def is_valid(credentials):
    return time.time() < credentials["expiry_date"] / 1000 - BUFFER


def acquire():
    pause = 0.1
    for _ in range(20):
        try:
            with open(lock_path, "x") as file:
                file.write(str(uuid.uuid4()))
            return
        except FileExistsError:
            pass
        try:
            if time.time() - os.stat(lock_path).st_mtime > STALE:
                aside = f"{lock_path}.stale.{uuid.uuid4()}"
                os.rename(lock_path, aside)
                os.unlink(aside)
                continue
        except FileNotFoundError:
            continue
        time.sleep(pause)
        pause = min(pause * 1.5, 2.0)
    sys.exit("LOCK_TIMEOUT")


def release():
    try:
        os.unlink(lock_path)
    except FileNotFoundError:
        pass


def refresh(credentials):
    form = {"grant_type": "refresh_token", "refresh_token": credentials["refresh_token"], "client_id": CLIENT}
    request = urllib.request.Request(token_url, urllib.parse.urlencode(form).encode(), {"Accept": "application/json"})
    try:
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request) as reply:
            answer = json.load(reply)
    except urllib.error.HTTPError as error:
        if error.code in (400, 401):
            # It takes the login for dead and removes it, which is why nobody may use a refresh token twice.
            os.unlink(credentials_path)
        sys.exit(f"refresh failed: {error.code}")
    new = {
        "access_token": answer["access_token"],
        "refresh_token": answer.get("refresh_token", credentials["refresh_token"]),
        "token_type": answer["token_type"],
        "resource_url": answer.get("resource_url"),
        "expiry_date": int(time.time() * 1000) + answer["expires_in"] * 1000,
    }
    temporary = f"{credentials_path}.tmp.{uuid.uuid4()}"
    with os.fdopen(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(new, file, indent=2)
    os.rename(temporary, credentials_path)
    return new


if sys.argv[3:] == ["hold"]:
    acquire()
    print("holding", flush=True)
    time.sleep(600)

credentials = read()
if not is_valid(credentials):
    acquire()
    try:
        credentials = read()
        if not is_valid(credentials):
            credentials = refresh(credentials)
    finally:
        release()
print(credentials["access_token"])
