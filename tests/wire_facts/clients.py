"""Facts seen in what published clients send and need."""

from __future__ import annotations

from tests.wire_facts.fact import facts

CLIENTS = facts(
    "CL",
    [
        (
            "bruce-models reads lists, records and messages",
            "d.clients bruce_lists_and_reads_actions_and_messages",
        ),
        (
            "bruce-models waits for an end and all messages",
            "d.clients bruce_waits_for_the_end_and_sees_every_message",
        ),
        ("bruce-models needs JSON after a cancel", "d.clients bruce_cancels"),
        ("bruce-models tells 401, 403 and 404 apart", "d.clients bruce_understands_our_errors"),
        ("zenpy lists, shows and asks for many", "d.clients zenpy_lists_shows_and_asks_for_many"),
        ("zenpy knows RecordNotFound", "d.clients zenpy_knows_that_a_job_is_not_there_and_who_it_is"),
        ("zenpy waits whole seconds of Retry-After", "d.clients zenpy_waits_out_a_429"),
        ("zenpy sees a job end by asking again", "d.clients zenpy_sees_a_job_end"),
        ("zenpy sends bare commas, others %2C", "d.clients zenpy_lists_shows_and_asks_for_many"),
        ("node-zendesk lists, shows and asks for many", "d.node it_lists_shows_and_asks_for_many"),
        ("node-zendesk watches until an end it knows", "d.node it_watches_a_job_to_its_end"),
        ("node-zendesk tells statuses when asked to", "d.node it_understands_our_errors"),
        ("no good answer may carry Retry-After", "d.zendesk every_answer_tells_the_budget"),
        (
            "python-zendesk pages by cursor, and holds rows to a published model",
            "d.python it_pages_by_cursor_shows_asks_for_many_and_knows_a_404",
        ),
        ("Esri's clients name X-Esri-Authorization", "d.reads a_token_travels_three_ways_and_is_needed"),
        (
            "Esri's Python client runs, stops and finishes",
            None,
            "not run here: it brings hundreds of megabytes",
        ),
        (
            "each action is followed by a frame that ends the wait",
            "d.push every_action_is_followed_by_a_frame",
        ),
        (
            "the greeting and the answer to a subscription come at once",
            "d.push a_subscription_is_answered_with_the_state_and_the_senders_id",
        ),
        ("clients take a loopback address without TLS", "d.clients zenpy_lists_shows_and_asks_for_many"),
        ("messages are asked newest first", "d.nextspace messages_are_paged_in_either_order"),
        ("a record needs no more than id and status", "z.wire a_row_says_whether_more_can_be_read"),
        ("results of creates are in any order", "z.wire elements_stand_in_the_order_of_the_request"),
        (
            "an id may have letters beyond hex",
            "cli.setup an_unreadable_id_is_kept_and_listed_until_it_is_forgotten",
        ),
    ],
)
