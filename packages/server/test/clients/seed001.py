"""A Python client of seed 001: registers its user, prints what it is sent as JSON lines, and obeys its standard input.

    seed001.py URL USER_ID [TOKEN]

Lines in:  disconnect | connect | quit
Lines out: {"event": "connect" | "disconnect" | "connect_error" | "notification", ...}
"""

import json
import sys
import threading

import socketio


printing = threading.Lock()


def say(event, **more):
    # Events come on threads of their own; a line must not be cut by another.
    with printing:
        print(json.dumps({"event": event, **more}), flush=True)


def main():
    url, user_id = sys.argv[1], sys.argv[2]
    auth = {"token": sys.argv[3]} if len(sys.argv) > 3 else None
    client = socketio.Client(reconnection_delay=0.1, reconnection_delay_max=0.5)

    @client.event
    def connect():
        client.emit("register_user", user_id)
        say("connect", transport=client.transport())

    @client.event
    def disconnect():
        say("disconnect")

    @client.event
    def connect_error(data):
        say("connect_error", data=data)

    @client.on("send_notification")
    def on_notification(data):
        say("notification", data=data)

    def attempt():
        try:
            client.connect(url, auth=auth)
        except socketio.exceptions.ConnectionError as error:
            say("refused", message=str(error))

    attempt()
    for line in sys.stdin:
        command = line.strip()
        if command == "disconnect":
            client.disconnect()
        elif command == "connect":
            attempt()
        elif command == "quit":
            break
    client.disconnect()


main()
