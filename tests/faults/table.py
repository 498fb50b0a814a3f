"""Every fault that is promised to be outlived, and the tests that prove it: file, then name."""

from __future__ import annotations

OURS = "tests/faults/"
PROOFS: dict[str, tuple[str, ...]] = {
    "each fault of the demo, alone and mixed": (
        "tests/faults/test_every_fault.py::test_it_is_said_and_outlived_and_nothing_is_sent_twice",
    ),
    "hours of mixed faults": (
        "tests/soak/test_soak.py::test_what_was_answered_through_faults_is_what_the_journal_holds",
    ),
    "suspend and resume; clock set back, forward": (
        "tests/faults/test_clocks.py::test_no_age_is_negative_or_too_small_and_polls_go_on",
        "tests/faults/test_clocks.py::test_what_happened_while_the_machine_slept_is_known_within_the_longest_pause",
        "tests/faults/test_clocks.py::test_a_hold_that_ends_at_a_moment_ends_by_the_same_clock",
        "tests/faults/test_clocks.py::test_the_screen_counts_ages_by_a_clock_that_is_not_set_back",
        "tests/faults/test_network.py::test_after_a_sleep_connections_that_are_dead_cost_one_time_out_and_not_one_each",
    ),
    "DNS, refused, unreachable, silent": (
        "tests/faults/test_network.py::test_a_host_that_cannot_be_reached_is_one_sentence",
        "tests/faults/test_network.py::test_a_name_that_resolves_again_is_live_again",
        "tests/faults/test_network.py::test_a_server_that_accepts_and_never_answers_is_one_sentence",
    ),
    "proxies": (
        "tests/faults/test_network.py::test_a_proxy_of_the_environment_that_cannot_be_used_is_one_sentence_and_never_asked_for_this_machine",
        "tests/faults/test_network.py::test_a_proxy_of_the_configuration_is_asked_for_this_machine_too",
        "tests/canary/test_faults.py::test_the_proxy_of_the_environment_gets_its_password_and_nothing_else",
    ),
    "own authority, client certificate": (
        "tests/canary/test_trust.py::test_an_authority_of_the_configuration_is_believed",
        "tests/canary/test_trust.py::test_a_server_that_wants_a_certificate_gets_the_configured_one",
        "tests/canary/test_trust.py::test_a_file_that_is_no_certificate_is_one_sentence",
    ),
    "IPv6": (
        "tests/faults/test_network.py::test_an_address_in_ipv6_is_watched_listened_to_steered_and_pasted",
    ),
    "HTTP/2 refused or wanted": (
        "tests/faults/test_network.py::test_a_server_that_wants_another_version_of_the_protocol_is_one_sentence",
    ),
    "terminal closed, SIGTERM, SIGINT": (
        "tests/faults/test_ending.py::test_each_signal_ends_each_waiting_command_in_its_documented_way",
        "tests/faults/test_ending.py::test_a_terminal_that_is_closed_ends_a_waiting_command_and_leaves_the_journal_whole",
        "tests/faults/test_ending.py::test_a_command_that_is_to_outlive_the_terminal_does",
        "tests/cli/test_screen.py::test_a_session_that_is_ended_gives_the_terminal_back",
    ),
    "disk full": (
        "tests/faults/test_journal_faults.py::test_on_a_full_disk_watching_goes_on_and_no_control_is_sent",
        "tests/faults/test_journal_faults.py::test_a_disk_that_fills_while_watching_is_said_once_and_so_is_that_there_is_room_again",
        "tests/monitor/test_recorder.py::test_a_limit_on_the_size_of_files_costs_nothing_once_it_is_lifted",
    ),
    "home that cannot be written, is missing or oddly named": (
        "tests/faults/test_journal_faults.py::test_a_journal_that_cannot_be_opened_stops_no_watching_and_every_control",
        "tests/faults/test_journal_faults.py::test_whatever_the_home_is_jobs_can_be_read",
    ),
    "journal corrupted": (
        "tests/faults/test_journal_faults.py::test_a_damaged_journal_is_set_aside_and_that_is_said_once",
        "tests/faults/test_journal_faults.py::test_a_journal_of_zero_length_or_a_log_without_its_database_is_simply_begun",
        "tests/journal/test_opening.py::test_a_damaged_table_is_found_at_the_start",
    ),
    "two versions side by side": (
        "tests/journal/test_opening.py::test_an_older_jobtui_that_has_the_journal_open_writes_no_more_once_a_newer_has_migrated_it",
        "tests/journal/test_opening.py::test_a_newer_journal_is_refused_and_left_alone",
        "tests/faults/test_journal_faults.py::test_a_journal_that_cannot_be_opened_stops_no_watching_and_every_control",
    ),
}
