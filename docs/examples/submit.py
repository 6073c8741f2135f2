#!/usr/bin/env python3
"""Submits a job to Upweave over RabbitMQ and, with --wait, shows its progress until it ends.

Exit codes: 0 accepted (with --wait: completed), 1 failed, cancelled or nobody answered, 2 rejected.
"""

import argparse
import json
import sys
import uuid

import pika

ANSWER_SECONDS = 30


class Client:
    """A connection with a queue of its own, for the answers to requests and the events of a job."""

    def __init__(self, broker):
        self.channel = pika.BlockingConnection(pika.URLParameters(broker)).channel()
        self.channel.confirm_delivery()  # publishing returns when a queue has the message, and fails when none takes it
        self.queue = self.channel.queue_declare("", exclusive=True).method.queue

    def watch(self, job_id):
        self.channel.queue_bind(self.queue, exchange="job-events", routing_key=job_id)

    def send(self, exchange, message_type, body, message_id, expiration=None):
        properties = pika.BasicProperties(
            type=message_type, message_id=message_id, correlation_id=message_id, reply_to=self.queue,
            content_type="application/json", delivery_mode=2, expiration=expiration)
        self.channel.basic_publish(exchange, "", body, properties, mandatory=True)

    def messages(self):
        """Yields (type, fields) of every answer and event; (None, None) after each ANSWER_SECONDS without any."""
        for _, properties, body in self.channel.consume(self.queue, auto_ack=True, inactivity_timeout=ANSWER_SECONDS):
            yield (properties.type, json.loads(body)) if properties else (None, None)


def run(client, specification, wait):
    job_id = str(uuid.uuid4())
    accepted = False
    if wait:
        client.watch(job_id)  # before the job is submitted, so that no event is missed
    client.send("submit-job", "SubmitJob", specification, message_id=job_id)
    for message_type, fields in client.messages():
        if message_type is None and not accepted:
            print("no coordinator answers; the job lies in the queue and starts when one does", file=sys.stderr)
            if not wait:
                return 1
        elif message_type is None:  # long tiles, or a coordinator that is gone: ask
            question = json.dumps({"job_id": job_id}).encode()
            client.send("get-job", "GetJob", question, str(uuid.uuid4()), expiration=str(1000 * ANSWER_SECONDS))
        elif message_type == "JobAccepted":
            accepted = True
            print(f"job {fields['job_id']} plan {fields['plan_hash']} tiles {fields['tile_count']}", flush=True)
            if not wait:
                return 0
        elif message_type == "JobRejected":
            for problem in fields["problems"]:
                hint = f" hint: {problem['hint']}" if problem.get("hint") else ""
                print(f"error: {problem['field'] or 'job'}: {problem['message']}{hint}", file=sys.stderr)
            return 1 if accepted else 2
        elif message_type == "JobProgressed":
            print(f"{fields['stage']:8} {fields['tiles_done']}/{fields['tile_count']} tiles", flush=True)
        elif message_type == "JobCompleted":
            print(f"completed {fields['output']} in {fields['summary']['elapsed']}")
            return 0
        elif message_type in ("JobFailed", "JobCancelled"):
            print(f"error: {fields.get('reason', 'the job was cancelled')}", file=sys.stderr)
            return 1
        elif message_type == "JobStatus" and fields["state"] != "running":  # it ended while nobody listened
            print(f"{fields['state']} {fields.get('reason') or fields['output']}")
            return 0 if fields["state"] == "completed" else 1


def explain(error):
    unknown = isinstance(error, pika.exceptions.ChannelClosedByBroker) and error.reply_code == 404
    if unknown or isinstance(error, pika.exceptions.UnroutableError):
        return "no coordinator has connected to this broker yet"
    return f"the broker: {error!r}"


def main():
    parser = argparse.ArgumentParser(description="Submit a job to Upweave.")
    parser.add_argument("--broker", default="amqp://guest:guest@localhost:5672/", metavar="URL")
    parser.add_argument("--wait", action="store_true", help="show the progress and wait for the end")
    parser.add_argument("job", help="JSON file with the specification")
    arguments = parser.parse_args()
    with open(arguments.job, "rb") as file:
        specification = file.read()  # sent as it is: the message is the file
    try:
        return run(Client(arguments.broker), specification, arguments.wait)
    except pika.exceptions.AMQPError as error:
        print(f"error: {explain(error)}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
