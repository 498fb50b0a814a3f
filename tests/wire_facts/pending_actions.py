"""Facts of Nextspace's Pending Actions."""

from __future__ import annotations

from tests.wire_facts.fact import facts

PENDING_ACTIONS = facts(
    "PA",
    [
        ("one record is answered bare", "n.client a_job_is_read_whole_with_messages_that_come_once"),
        (
            "record routes have no version prefix",
            "d.nextspace what_is_not_there_is_an_error_of_its_own_shape",
        ),
        ("a root may carry a query, which stays", "http a_path_and_a_query_of_the_configured_address_stay"),
        ("the list goes on by start and amount", "n.paging every_open_job_is_listed_whatever_the_page_size"),
        (
            "the list can be narrowed to one status",
            "n.client open_jobs_behind_known_ended_ones_are_found_by_a_second_walk",
        ),
        (
            "a total may stand on the first page only",
            "n.wire a_page_keeps_the_order_counts_all_rows_and_skips_what_is_no_job",
        ),
        ("the list's order is not promised", "n.paging an_oldest_first_list_is_read_to_the_end"),
        (
            "a server may not know paging",
            "n.paging a_server_without_paging_is_asked_once_more_and_no_further",
        ),
        (
            "a list may be an envelope, an array or nothing",
            "n.wire a_list_is_an_envelope_an_array_or_nothing",
        ),
        (
            "messages come enveloped or as an array",
            "n.messages both_envelopes_give_the_same_messages_oldest_first_each_once",
        ),
        ("messages may be null", "n.messages no_messages_come_in_many_forms"),
        ("messages are paged, in the order asked for", "d.nextspace messages_are_paged_in_either_order"),
        (
            "a server may give fewer messages than asked",
            "n.reading every_message_is_read_from_any_server",
        ),
        (
            "messages are put in order by time and id here",
            "n.messages any_rows_are_messages_with_ids_in_order",
        ),
        (
            "a late message may be filed before earlier ones",
            "n.reading a_message_that_is_filed_late_is_found_wherever_it_is_put",
        ),
        (
            "an id tells a message that was read before",
            "watching the_followed_job_streams_its_messages_each_once_and_in_order",
        ),
        (
            "DELETE asks for a cancel; its answer has no fixed form",
            "n.client each_answer_to_a_cancel_has_one_ending",
        ),
        ("DELETE may answer nothing at all", "seeds a_cancel_without_an_answer_is_followed_to_its_end"),
        ("DELETE leaves the record", "n.client a_cancel_is_accepted_and_seen_only_when_the_server_says_so"),
        ("the version has two spellings", "n.wire a_version_has_two_spellings"),
        ("the version needs no credential", "d.nextspace job_routes_need_a_token_and_the_version_does_not"),
        ("the server parses a result when asked", "d.nextspace a_result_is_a_string_or_parsed_when_asked"),
        ("parsed text stands under Output", "n.result asking_for_json_changes_nothing_of_an_object"),
        (
            "a result is JSON in a text, plain text, empty or an object",
            "n.result a_result_is_a_value_in_whatever_form_it_comes",
        ),
        ("rows of the list may leave the result out", "n.wire an_ended_row_without_its_result_is_brief"),
        (
            "known result keys are parts of the job",
            "n.result each_entry_is_a_step_and_nested_ones_are_children",
        ),
        ("login takes account, name, password and code", "n.place an_account_is_found_and_signed_in_to"),
        (
            "an access token signs in as a password without a name",
            "n.place an_access_token_signs_in_as_the_password_of_nobody",
        ),
        (
            "the older form of login has other keys",
            "n.place a_guardian_of_old_is_signed_in_to_by_the_older_keys",
        ),
        ("a session answer may be nobody's", "n.place a_login_that_gives_nobodys_session_is_refused"),
        (
            "a bad token may answer 200 as nobody",
            "n.place a_configured_token_is_proved_before_its_empty_list_is_believed",
        ),
        ("logout ends a session", "n.place a_session_that_was_begun_here_is_ended_on_leaving"),
        (
            "an account's record holds the root of its jobs",
            "n.place the_token_goes_to_the_address_that_was_looked_up_and_keeps_its_query",
        ),
        ("a session's user has two spellings", "n.place a_session_is_read_in_both_spellings"),
        ("a session may tell its end", "n.place a_session_is_renewed_before_it_ends"),
        ("a session may end early", "n.place a_session_that_ended_early_is_begun_anew_by_the_next_read"),
        (
            "account ids are short and of few characters",
            "config.errors a_mistake_in_a_source_names_its_line_and_key",
        ),
        ("keys have dots that part nothing", "n.wire a_running_record_is_read_whole"),
        ("any key may be absent", "n.wire any_record_is_a_job_or_unexpected"),
        ("older records spell times as objects", "n.wire an_old_record_is_read_too"),
        (
            "a time without a zone is UTC; an unreadable one is unknown",
            "lenient times_are_iso_or_old_objects_and_else_unknown",
        ),
        (
            "JobName tells a container of its own from a thread",
            "n.wire a_container_of_its_own_is_told_from_a_thread",
        ),
        (
            "older messages spell times as objects",
            "n.messages an_old_time_is_read_and_a_missing_id_is_made_the_same_each_time",
        ),
        (
            "answers that start a job name its id in two ways",
            "naming each_answer_names_its_jobs",
        ),
        ("IN_PROGRESS is the only open word", "n.wire the_servers_word_becomes_state_ended_and_why"),
        ("COMPLETE, FAILED and CANCELLED are ends", "n.rules a_cancel_is_seen_only_at_the_end"),
        ("an unknown word is an end, shown as it is", "n.wire the_servers_word_becomes_state_ended_and_why"),
        ("message types STATUS, INFO, WARNING and ERROR", "n.messages every_word_has_a_level"),
        (
            "unknown message types are shown, some of them are debug",
            "seeds messages_are_read_in_order_and_debug_only_when_asked_for",
        ),
        ("the token travels as bearer", "auth each_way_puts_the_token_where_its_server_looks"),
        ("or in x-sessionid", "n.client a_session_id_may_travel_in_its_own_header"),
        ("401, 403, 404 and 400 carry an ERROR", "http a_status_becomes_one_error_with_the_servers_reason"),
        ("ERROR is an object of two spellings, or a text", "n.wire a_reason_is_found_in_an_error_body"),
        (
            "error bodies may be text, pages or empty",
            "answers an_error_says_what_the_server_said_or_what_it_sent",
        ),
        ("ERROR may stand in a 200", "n.replies an_error_in_a_good_answer_is_what_it_says"),
        (
            "Warning(s) may be one text or several",
            "n.wire warnings_are_kept_and_errors_of_an_open_job_are_warnings",
        ),
        (
            "Error(s) beside COMPLETE mean that not all was done",
            "n.wire the_servers_word_becomes_state_ended_and_why",
        ),
        ("a cancel's Error(s) mean no", "n.wire a_cancel_is_refused_only_by_an_error"),
        ("gateway errors pass by themselves", "http a_read_outlives_what_passes_by_itself"),
        (
            "dropped connections are worth another read",
            "http a_read_that_is_hung_up_on_gives_up_after_three_attempts",
        ),
        ("a DELETE is not replayed", "http a_control_is_never_repeated"),
        ("asking every five seconds is enough", "cadence polls_slow_down_when_nothing_runs_or_nobody_looks"),
        (
            "messages may fail where the record does not",
            "n.client a_failure_whose_messages_cannot_be_read_keeps_its_own_reason",
        ),
        ("429 may come, limits are not published", "http a_short_retry_after_is_waited_for"),
        ("a job may ignore a cancel", "controls a_job_that_ignores_the_cancel_ends_its_own_way_and_says_so"),
        ("clocks of host and database differ", "why a_clock_that_is_behind_gives_no_negative_age"),
        (
            "a job waits for its start with no sign of life",
            "n.client a_job_without_progress_has_begun_when_it_has_said_something",
        ),
        (
            "progress is a percentage that may be missing or stop short",
            "n.wire progress_is_a_percentage_or_unknown",
        ),
        ("a page from a proxy is no answer", "http a_web_page_is_no_answer"),
        ("a success may be of another type than JSON", "n.wire any_bytes_are_read_or_unexpected"),
        ("an id of nothing or nought is never asked", "n.rules a_job_without_an_id_is_never_asked"),
        ("what has ended is not cancelled", "n.rules what_has_ended_or_is_ending_is_not_cancelled_again"),
        (
            "a cancel of an unknown id is 404",
            "n.client a_cancel_of_an_ended_or_unknown_job_is_refused_by_the_server",
        ),
        ("cancel is the only action", "n.rules everything_but_cancel_is_refused"),
        (
            "there is no push: all is learned by asking",
            "n.client there_is_no_push_and_all_is_learned_by_asking",
        ),
        (
            "a failed job's best reason is among its messages",
            "n.client a_job_is_read_whole_with_messages_that_come_once",
        ),
    ],
)
