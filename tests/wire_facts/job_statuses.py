"""Facts of Zendesk's Job Statuses."""

from __future__ import annotations

from tests.wire_facts.fact import facts

JOB_STATUSES = facts(
    "JS",
    [
        ("paths end in .json or not", "d.zendesk every_path_works_with_and_without_json"),
        ("one job is wrapped today, bare in old texts", "z.wire a_working_job_is_read_wrapped_or_bare"),
        (
            "a bare server without lists exists",
            "seeds without_a_list_the_ids_on_watch_are_read_and_that_is_said",
        ),
        (
            "lists stand under job_statuses, or are arrays",
            "z.wire a_list_skips_what_is_no_job_and_gives_each_id_once",
        ),
        ("a single wrapped job may stand for a list", "z.wire a_single_wrapped_job_is_a_list_of_one"),
        ("show_many takes a hundred ids", "z.client ids_are_asked_a_hundred_at_a_time"),
        ("more than a hundred are refused", "d.zendesk show_many_takes_a_hundred_ids"),
        (
            "ids may be asked twice, unknown ones are left out",
            "z.client several_ids_are_asked_at_once_and_unknown_ones_are_named",
        ),
        ("answers are in any order", "z.client answers_about_several_ids_are_told_apart_in_any_order"),
        (
            "one bad id may spoil a batch",
            "z.client an_id_that_spoils_its_batch_is_found_and_the_others_are_read",
        ),
        (
            "a server may lack show_many",
            "z.client a_server_that_cannot_be_asked_for_several_is_asked_one_by_one",
        ),
        ("pages go on by cursor", "z.client pages_are_read_by_their_cursors"),
        (
            "meta and links may be missing, has_more ends",
            "z.wire only_a_cursor_is_taken_from_the_paging_blocks",
        ),
        ("a server may ignore page parameters", "z.client paging_always_ends"),
        ("cursors are opaque, a wrong one is 400", "z.client a_cursor_that_expired_is_an_error_not_the_end"),
        ("brackets in names survive encoding", "z.client pages_are_read_by_their_cursors"),
        (
            "the list is by end, then by creation, newest first",
            "d.zendesk rows_are_complete_and_in_the_order_of_their_end",
        ),
        ("the list has no filter", "z.client jobs_that_ended_too_long_ago_are_not_wanted"),
        (
            "users/me tells whose the credential is",
            "z.wire who_we_are_is_read_and_an_anonymous_answer_recognised",
        ),
        ("an anonymous user means no credential", "z.client an_anonymous_answer_is_a_refused_sign_in"),
        ("end users may get 403", "z.client who_may_not_ask_who_they_are_is_proved_by_the_list"),
        ("bulk calls answer with a job status", "d.zendesk bulk_calls_start_jobs_until_the_queue_is_full"),
        ("no field is mandatory, three are nullable", "z.wire any_record_is_a_job_or_unexpected"),
        (
            "an id is opaque text, whatever its form",
            "cli.setup an_unreadable_id_is_kept_and_listed_until_it_is_forgotten",
        ),
        (
            "url may name another host, so it is not followed",
            "z.wire an_address_is_made_of_our_own_root_and_only_of_plain_ids",
        ),
        ("job_type may be absent", "z.wire a_working_job_is_read_wrapped_or_bare"),
        (
            "progress counts tasks, total may be null",
            "z.wire progress_counts_and_is_a_share_only_of_a_known_total",
        ),
        ("no measure is never nought", "documents progress_without_a_measure_is_null_and_never_zero"),
        (
            "the only time is in the message, in several spellings",
            "z.wire the_message_tells_when_it_ended_if_it_can_be_read",
        ),
        ("message is null, empty or text", "z.wire a_job_has_one_message_whose_id_lasts_as_long_as_its_text"),
        (
            "results are null, an array or an object",
            "z.wire results_that_say_nothing_leave_the_failures_unknown",
        ),
        ("deletions answer with an object", "d.zendesk results_have_the_shape_of_their_kind"),
        ("elements of creates have id and index", "z.wire elements_stand_in_the_order_of_the_request"),
        (
            "elements of updates have action, status and success",
            "z.wire each_element_of_the_results_is_a_step",
        ),
        ("old elements have title and errors as text", "seeds bare_bodies_are_shown_whole"),
        ("failed elements have error and details", "z.client a_partial_job_says_which_items_failed_and_why"),
        ("success, error, errors: the first that says so", "z.wire an_element_failed_when_it_says_so"),
        (
            "kinds of elements are mixed, some without an id",
            "z.wire an_element_without_an_id_is_named_by_its_place",
        ),
        ("queued and working are open", "z.wire the_servers_word_becomes_state_ended_and_why"),
        ("completed, failed and killed are ends", "z.wire the_servers_word_becomes_state_ended_and_why"),
        ("an unknown word is no end", "z.wire the_servers_word_becomes_state_ended_and_why"),
        ("completed may hold failed tasks", "z.client a_partial_job_says_which_items_failed_and_why"),
        ("rows may hold no more than id and status", "z.wire a_row_says_whether_more_can_be_read"),
        ("an abbreviated row erases nothing", "store a_brief_row_erases_no_details"),
        (
            "an abbreviated end is worth one whole read",
            "honesty an_abbreviated_ended_batch_is_read_whole_once",
        ),
        (
            "API token, OAuth and password each have their header",
            "z.client each_way_to_sign_in_sends_its_header",
        ),
        (
            "the password form of the old text works",
            "seeds the_password_is_sent_as_the_old_text_says_and_never_shown",
        ),
        (
            "a credential that is missing stops nothing silently",
            "z.client what_is_missing_to_sign_in_is_named",
        ),
        (
            "there is no session: each request carries it",
            "d.zendesk a_credential_travels_three_ways_and_is_needed",
        ),
        ("error bodies have five shapes", "z.wire a_reason_is_found_in_each_shape_of_error"),
        ("errors may be pages or text", "z.wire an_error_page_gives_no_reason"),
        (
            "the budget is in headers of several spellings",
            "answers a_budget_is_read_in_either_spelling_and_nonsense_is_nothing",
        ),
        (
            "endpoints have budgets of their own",
            "allowance the_budget_of_an_endpoint_counts_when_it_is_the_smaller_and_that_of_jobs_never",
        ),
        (
            "the budget is shared, so a rest is left",
            "allowance the_last_tenth_of_a_limit_is_left_to_others_until_it_starts_anew",
        ),
        ("every answer tells the budget", "d.zendesk every_answer_tells_the_budget"),
        ("Retry-After is seconds or a date", "answers retry_after_is_seconds_or_a_date"),
        ("without it ten seconds are usual", "cadence what_the_server_asks_to_wait_is_waited"),
        ("it may come with 503", "http maintenance_that_says_how_long_is_not_pestered"),
        ("it may come with any status", "allowance a_retry_after_with_any_status_holds_back_the_next_read"),
        ("429 may be a sentence of text", "z.client a_rate_limit_may_be_a_sentence_of_text"),
        ("TooManyJobs lists the ids under way", "z.showing a_full_queue_names_the_jobs_that_can_be_watched"),
        ("records are forgotten after a day", "d.world a_batch_is_forgotten_a_day_after_it_was_made"),
        (
            "an early 404 means not visible yet",
            "gone an_early_404_is_not_visible_yet_and_a_late_one_is_forgotten",
        ),
        ("a late 404 means forgotten", "gone a_batch_that_its_server_forgets_keeps_its_state_and_its_items"),
        (
            "show may fail while the list holds the job",
            "z.showing a_job_that_cannot_be_shown_is_read_from_several_whole",
        ),
        (
            "one request serves a round of many ids",
            "z.showing a_thousand_ids_cost_ten_requests_and_none_is_asked_twice",
        ),
        (
            "a body may ask for a wait in retry_in",
            "z.showing a_wait_that_a_body_asks_for_counts_where_no_header_does",
        ),
        ("nothing can be controlled", "z.client nothing_can_be_controlled_and_nothing_is_sent"),
        (
            "total and the number of results may differ",
            "z.wire the_total_and_the_number_of_results_may_differ",
        ),
        (
            "a record is never cached",
            "z.client a_job_is_asked_for_anew_each_time",
        ),
    ],
)
