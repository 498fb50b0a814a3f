"""Facts of ArcGIS Workflow Manager."""

from __future__ import annotations

from tests.wire_facts.fact import facts

WORKFLOW_MANAGER = facts(
    "WM",
    [
        (
            "a root is server, organization and item",
            "a.addresses an_address_names_a_target_only_below_our_root",
        ),
        ("a wrong root is 404 for everything", "a.picky a_wrong_address_says_what_to_check"),
        (
            "an Enterprise root has the word workflow once",
            "a.addresses a_root_of_enterprise_has_its_word_once",
        ),
        (
            "a portal names the server in its helper services",
            "a.sign_in a_wrong_root_is_told_with_the_server_that_the_portal_names",
        ),
        ("a search is a POST with a query", "d.reads queries_are_understood"),
        (
            "rows are arrays in the order of fields",
            "a.wire rows_are_read_by_the_order_of_the_fields_of_the_answer",
        ),
        (
            "an answer may leave its fields out",
            "a.wire rows_are_read_by_the_fields_asked_for_when_the_answer_does_not_repeat_them",
        ),
        (
            "which fields may be asked differs",
            "a.picky fields_that_a_server_rejects_do_not_cost_the_list_and_are_not_asked_for_again",
        ),
        ("nextStart goes on, -1 ends", "a.wire paging_ends_and_never_goes_back"),
        (
            "a server makes pages of its own size",
            "a.picky a_list_is_read_in_as_many_pages_as_the_server_makes_of_it",
        ),
        ("fifty rows are given unless told", "d.reads the_server_gives_fifty_rows_unless_told_otherwise"),
        ("rows can be sorted", "d.reads rows_are_sorted_as_asked"),
        ("search looks simply, q asks", "d.reads a_simple_search_looks_in_every_field"),
        (
            "a query of one's own may be given",
            "a.client a_query_of_the_users_own_is_asked_for_closed_jobs_too_when_that_is_clear",
        ),
        (
            "a bad query is 400 with a reason",
            "a.picky a_query_that_the_server_cannot_read_is_told_in_its_words",
        ),
        ("statistics count", "d.reads statistics_count_what_a_search_finds"),
        (
            "totals of a list come from statistics only",
            "cli.setup source_test_says_how_many_jobs_a_limit_leaves_out",
        ),
        ("times are ISO or milliseconds", "a.wire times_come_as_iso_or_as_milliseconds"),
        ("column types", "d.reads every_column_has_a_type_of_the_wire_and_cells_of_that_type"),
        (
            "holds and properties come when asked for",
            "d.reads a_job_brings_holds_and_extended_properties_only_when_asked",
        ),
        ("odd and missing fields of a job", "a.wire odd_fields_of_a_job_are_not_known_and_the_rest_counts"),
        ("hasLocation is a number", "d.reads a_job_brings_holds_and_extended_properties_only_when_asked"),
        (
            "status and priority are free text",
            "a.client a_status_of_any_words_is_shown_and_says_nothing_of_the_state",
        ),
        (
            "closed or an end without current steps is the end",
            "a.steps a_job_has_ended_when_closed_or_past_its_last_step",
        ),
        ("a job can be reopened", "a.client a_job_that_was_closed_and_opened_again_goes_on"),
        ("several steps may be current", "a.steps a_job_is_the_weightiest_of_its_current_steps"),
        (
            "a current step does not tell whether it runs",
            "a.steps a_current_step_of_which_nothing_is_known_waits_unless_it_is_automatic",
        ),
        ("history tells how steps stand", "a.steps a_current_step_is_as_its_last_event_says"),
        ("history may come newest first", "a.steps history_told_newest_first_means_the_same"),
        ("the twenty words of history", "a.history events_are_said_in_words_with_who_and_at_what_level"),
        ("history may be missing", "a.picky a_missing_history_or_diagram_does_not_cost_the_job"),
        (
            "history and comments are one stream",
            "a.history history_and_comments_are_merged_by_time_each_once",
        ),
        ("an edited comment keeps its id", "a.history an_edited_comment_is_a_message_of_its_own"),
        ("comments can be written", None, "jobtui writes none; the demo takes them"),
        ("holds listed are present and past", "a.steps an_active_hold_of_any_kind_makes_a_current_step_held"),
        ("a hold ends by release or by its time", "d.world scheduled_and_dependency_holds_end_by_themselves"),
        (
            "without a list of holds the step's flags tell",
            "a.steps without_a_list_of_holds_the_flags_of_the_current_step_speak",
        ),
        ("a dependency names job and step", "a.steps a_dependency_names_the_job_or_step_of_the_same_source"),
        ("a hold has no comment", "d.actions holds_of_each_kind_are_set_listed_and_released"),
        (
            "a dependency may wait on the hook of another server",
            "a.client a_step_that_waits_for_a_web_hook_of_another_server_says_so",
        ),
        (
            "a diagram has steps and paths",
            "a.diagram steps_stand_in_path_order_and_branches_below_their_step",
        ),
        ("paths branch, join and go round", "d.reads diagrams_branch_join_and_go_round"),
        (
            "a diagram may name no first step",
            "a.diagram without_an_initial_step_the_flow_begins_where_no_path_leads",
        ),
        (
            "a step without paths ends the flow",
            "a.effects run_and_finish_say_what_they_start_and_where_the_flow_goes",
        ),
        ("a diagram may be missing", "a.steps without_a_diagram_only_the_current_steps_are_shown"),
        ("a diagram has versions", "a.picky a_new_version_of_the_diagram_is_read_anew"),
        (
            "step kinds are free text",
            "a.effects stop_says_whether_it_cancels_or_pauses_and_both_when_that_is_not_known",
        ),
        ("ids are opaque and may be odd", "a.client an_odd_id_is_no_job_and_never_another_address"),
        (
            "a step's route has no word before its id",
            "a.addresses an_address_names_a_target_only_below_our_root",
        ),
        (
            "seven actions, each with its own keys",
            "a.client each_control_sends_just_its_own_keys_and_its_effect_is_seen",
        ),
        ("an action may name its steps", "seeds every_action_is_sent_as_written_with_the_token_in_the_query"),
        (
            "without steps the current ones are meant",
            "d.actions without_step_ids_every_current_step_is_judged_by_itself",
        ),
        (
            "a hold may end at a time",
            "a.client a_step_is_held_until_a_time_refused_released_run_and_finished",
        ),
        (
            "a hold may wait for a job or step",
            "a.client a_step_waits_for_another_and_is_released_from_just_that",
        ),
        (
            "a dependency is released by naming it",
            "cli.control a_hold_after_another_job_names_it_and_is_released_by_name",
        ),
        (
            "all holds must go before a step runs",
            "a.client of_three_holds_the_manual_one_goes_first_and_the_rest_stay",
        ),
        (
            "a refusal is 200 with words per step",
            "a.client every_refusal_of_the_server_is_told_and_our_rules_knew",
        ),
        ("each of fourteen words is a sentence", "a.refusals every_known_refusal_is_a_sentence_for_a_person"),
        (
            "an unknown word is a refusal",
            "a.refusals a_word_nobody_knows_is_a_refusal_in_the_servers_own_words",
        ),
        ("success may hide a refused step", "a.refusals success_may_hide_a_refused_step"),
        (
            "and its absence a step that was done",
            "a.refusals no_success_beside_steps_that_were_done_is_refused_and_shows_them",
        ),
        ("answers per step may be missing", "a.refusals an_empty_list_leaves_success_to_decide"),
        (
            "run: held steps, others' steps, steps not current",
            "a.rules what_cannot_work_is_never_sent_and_says_why",
        ),
        (
            "finish: what never started and may not be skipped",
            "a.rules what_cannot_work_is_never_sent_and_says_why",
        ),
        ("hold: not while running, not when closed", "a.rules what_cannot_work_is_never_sent_and_says_why"),
        (
            "release: nothing is held, or another hold",
            "a.rules releasing_a_dependency_that_is_not_there_is_refused",
        ),
        (
            "set-current: one step, and nothing runs",
            "a.rules what_cannot_work_is_never_sent_and_says_why",
        ),
        (
            "others' steps: force-stop is a privilege not told",
            "a.rules what_may_not_work_is_said_and_left_to_the_person",
        ),
        ("reasons come in an order", "d.actions the_first_reason_in_the_documented_order_wins"),
        (
            "a group's member counts as assignee",
            "a.client a_step_of_a_group_is_run_by_one_of_its_members_without_a_doubt",
        ),
        ("a job without current steps", "d.actions a_job_without_current_steps_answers_even_so"),
        (
            "run may finish a step by itself",
            "a.client a_step_that_proceeds_is_finished_by_running_it_and_that_is_said_before",
        ),
        (
            "stop cancels processing and questions",
            "d.actions a_running_processing_step_is_cancelled_by_stop_and_stays_so",
        ),
        ("stop pauses manual steps", "d.actions a_manual_step_is_run_paused_run_again_and_finished"),
        ("a question asks and waits", "d.actions a_question_asks_is_cancelled_by_stop_and_passed_by_finish"),
        ("the token travels in one of three ways", "a.client the_token_travels_the_way_that_is_configured"),
        (
            "a portal gives tokens for a form",
            "a.sign_in the_form_says_all_that_a_portal_wants_and_the_token_stays_with_the_source",
        ),
        ("a token tells its end", "a.sign_in a_token_is_renewed_before_it_ends"),
        ("a token may end early", "a.sign_in a_token_that_was_ended_early_is_renewed_by_the_next_read"),
        ("a portal's no comes in a 200", "a.sign_in each_answer_of_a_portal_has_its_error"),
        (
            "a federated server may want its own token",
            "a.sign_in a_server_that_wants_its_own_token_is_given_it",
        ),
        (
            "errors carry message, type and details",
            "a.refusals the_servers_own_reason_is_found_in_either_form",
        ),
        ("an error may stand in a 200", "a.picky an_error_is_what_its_body_means"),
        ("498 and 499 mean the token", "a.refusals a_body_tells_what_status_is_meant"),
        (
            "a read may answer success instead of data",
            "a.picky a_missing_history_or_diagram_does_not_cost_the_job",
        ),
        (
            "jobs can be made, assigned, changed and closed",
            "d.reads jobs_are_created_assigned_updated_closed_reopened_and_deleted",
        ),
        ("lists of users, groups, searches, diagrams", "d.reads the_catalog_answers"),
        ("attachments", "d.reads attachments_are_empty_and_unknown_things_are_not_found"),
        ("the socket is below the item", "a.servers the_handshake_is_that_of_a_real_client"),
        ("its token is in the address or in a header", "a.push the_token_travels_the_way_that_is_configured"),
        ("a wrong token opens no socket", "d.push a_wrong_token_opens_no_socket_and_subscribes_to_nothing"),
        ("the first frame says connected", "a.frames the_first_frame_is_a_greeting"),
        (
            "a server may not greet",
            "a.servers a_server_that_does_not_greet_is_spoken_to_and_is_open_once_it_speaks",
        ),
        (
            "subscriptions name jobs, token and sender",
            "a.servers subscriptions_come_in_batches_with_the_token_and_who_we_are",
        ),
        (
            "a subscription is answered with the standing",
            "d.push a_subscription_is_answered_with_the_state_and_the_senders_id",
        ),
        (
            "a standing tells the last message of each step",
            "a.frames a_standing_tells_the_last_event_of_each_step",
        ),
        ("unsubscribing names jobs, or all", "a.push what_is_no_longer_wanted_is_unsubscribed"),
        ("nothing is told after unsubscribing", "d.push after_unsubscribing_nothing_is_told"),
        ("after a drop subscriptions are gone", "a.push after_a_drop_everything_wanted_is_subscribed_again"),
        (
            "a socket ends with its token",
            "a.push a_token_of_the_portal_is_good_for_the_socket_and_listening_goes_on_when_it_ends",
        ),
        ("types are in any case", "a.frames every_type_about_a_step_is_an_event_of_it_however_it_is_written"),
        (
            "each step type is known",
            "a.frames every_type_about_a_step_is_an_event_of_it_however_it_is_written",
        ),
        ("steps are named one or many", "a.frames a_frame_may_speak_of_several_steps_and_of_each_once"),
        ("types about the whole job are hints", "a.frames what_happens_to_the_whole_job_is_a_hint"),
        ("unknown types are no harm", "a.frames what_cannot_be_used_is_nothing_and_says_why_in_our_words"),
        (
            "errors are of a job or of us",
            "a.frames a_complaint_about_a_job_is_the_jobs_and_any_other_is_ours",
        ),
        ("StepFinished names the new current steps", "a.frames a_finish_tells_the_new_current_steps"),
        ("StepHeld tells which kind of hold", "a.frames a_hold_that_waits_for_another_job_is_a_dependency"),
        (
            "a frame's time is milliseconds, seconds or ISO",
            "a.frames a_time_may_be_milliseconds_seconds_or_iso",
        ),
        ("a frame may have no time", "a.frames a_frame_without_a_time_happened_now"),
        ("frames and reads race", "a.ear a_record_behind_the_finish_of_its_step_is_put_right"),
        ("a frame and history tell the same once", "a.ear an_event_that_history_has_by_now_changes_nothing"),
        (
            "progress is text to show at once",
            "a.ear progress_is_a_message_at_once_and_the_same_one_when_read_later",
        ),
        ("an answer to a question travels on the socket", "d.push an_answer_takes_its_own_path"),
        (
            "allowedActions are flags in a number",
            "a.push what_the_server_says_a_step_cannot_be_asked_now_is_doubted_before_it_is_asked",
        ),
        ("what others do is pushed", "listening what_somebody_else_does_is_seen_unasked"),
        ("without the socket polling tells", "listening polling_takes_over_while_the_socket_is_away"),
        ("the health of a server can be asked", "d.reads the_health_of_the_server_is_told_to_anybody"),
        ("refresh is for automatic steps", "a.rules what_may_not_work_is_said_and_left_to_the_person"),
        (
            "only the action route is sure to be there",
            "seeds every_action_is_sent_as_written_with_the_token_in_the_query",
        ),
        (
            "extended properties are told by table, name and value",
            "a.client what_the_item_says_of_a_job_beside_its_state_is_read_with_it",
        ),
    ],
)
