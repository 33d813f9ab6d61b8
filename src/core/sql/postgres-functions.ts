// Made by scripts/postgres-functions.mjs from the catalogue of PostgreSQL 18.6; not to be edited.

/** Every function that a statement may call there. In parentheses, where there are several: the overloads over types that the lab has. */
export const POSTGRES_FUNCTIONS =
  'abbrev abs(float4|float8|int2|int4|int8|numeric) aclcontains acldefault aclexplode aclinsert aclremove acos acosd acosh ' +
  'age(timestamp|timestamp.timestamp|timestamptz|timestamptz.timestamptz) amvalidate any_value area array_agg array_append ' +
  'array_dims array_fill array_length array_lower array_ndims array_position array_positions array_prepend array_remove ' +
  'array_replace array_reverse array_sample array_shuffle array_sort array_to_json array_to_string array_to_tsvector ' +
  'array_upper ascii asin asind asinh atan atan2 atan2d atand atanh avg(float4|float8|int2|int4|int8|interval|numeric) ' +
  'bit(int4.int4|int8.int4) bit_and(int2|int4|int8) bit_count bit_length(bytea|text) bit_or(int2|int4|int8) ' +
  'bit_xor(int2|int4|int8) bitcmp bittypmodin bool(int4|jsonb) bool_and bool_or bound_box box ' +
  'bpchar(bpchar.int4.bool|text) bpcharcmp bpchartypmodin brin_desummarize_range brin_summarize_new_values ' +
  'brin_summarize_range broadcast btarraycmp btboolcmp btbpchar_pattern_cmp btcharcmp btequalimage btfloat48cmp ' +
  'btfloat4cmp btfloat84cmp btfloat8cmp btint24cmp btint28cmp btint2cmp btint42cmp btint48cmp btint4cmp btint82cmp ' +
  'btint84cmp btint8cmp btnamecmp btnametextcmp btoidcmp btoidvectorcmp btrecordcmp btrecordimagecmp ' +
  'btrim(bytea.bytea|text|text.text) bttext_pattern_cmp bttextcmp bttextnamecmp bttidcmp btvarstrequalimage ' +
  'bytea(int2|int4|int8) byteacmp cardinality casefold cash_cmp cash_words cbrt ceil(float8|numeric) ' +
  'ceiling(float8|numeric) center char(int4|text) char_length(bpchar|text) character_length(bpchar|text) chr cidr circle ' +
  'clock_timestamp col_description concat concat_ws convert convert_from convert_to corr cos cosd cosh cot cotd count ' +
  'covar_pop covar_samp crc32 crc32c cume_dist current_database current_query current_schema current_schemas ' +
  'current_setting(text|text.bool) current_user currtid2 currval cursor_to_xml cursor_to_xmlschema database_to_xml ' +
  'database_to_xml_and_xmlschema database_to_xmlschema date(timestamp|timestamptz) ' +
  'date_add(timestamptz.interval|timestamptz.interval.text) ' +
  'date_bin(interval.timestamp.timestamp|interval.timestamptz.timestamptz) date_cmp date_cmp_timestamp ' +
  'date_cmp_timestamptz date_part(text.date|text.interval|text.time|text.timestamp|text.timestamptz) ' +
  'date_subtract(timestamptz.interval|timestamptz.interval.text) ' +
  'date_trunc(text.interval|text.timestamp|text.timestamptz|text.timestamptz.text) datemultirange ' +
  'daterange(date.date|date.date.text) daterange_canonical daterange_subdiff decode degrees dense_rank dexp diagonal ' +
  'diameter div dlog1 dlog10 dround dtrunc encode enum_cmp enum_first enum_last enum_range erf erfc every ' +
  'exp(float8|numeric) extract(text.date|text.interval|text.time|text.timestamp|text.timestamptz) factorial family ' +
  'first_value float4(float8|int2|int4|int8|jsonb|numeric) float8(float4|int2|int4|int8|jsonb|numeric) ' +
  'floor(float8|numeric) format format_type gamma gcd(int4.int4|int8.int8|numeric.numeric) gen_random_uuid ' +
  'generate_series(int4.int4|int4.int4.int4|int8.int8|int8.int8.int8|numeric.numeric|numeric.numeric.numeric|timestamp.timestamp.interval|timestamptz.timestamptz.interval|timestamptz.timestamptz.interval.text) ' +
  'generate_subscripts get_bit get_byte get_current_ts_config getdatabaseencoding getpgusername gin_clean_pending_list ' +
  'gin_cmp_tslexeme gin_compare_jsonb gist_translate_cmptype_common ' +
  'has_any_column_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_column_privilege(int8.int2.text|int8.int8.int2.text|int8.int8.text.text|int8.text.int2.text|int8.text.text|int8.text.text.text|text.int2.text|text.int8.int2.text|text.int8.text.text|text.text.int2.text|text.text.text|text.text.text.text) ' +
  'has_database_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_foreign_data_wrapper_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_function_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_language_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_largeobject_privilege(int8.int8.text|int8.text|text.int8.text) ' +
  'has_parameter_privilege(int8.text.text|text.text|text.text.text) ' +
  'has_schema_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_sequence_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_server_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_table_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_tablespace_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) ' +
  'has_type_privilege(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) hash_aclitem ' +
  'hash_aclitem_extended hash_array hash_array_extended hash_multirange hash_multirange_extended hash_numeric ' +
  'hash_numeric_extended hash_range hash_range_extended hash_record hash_record_extended hashbool hashboolextended ' +
  'hashbpchar hashbpcharextended hashbytea hashbyteaextended hashchar hashcharextended hashcid hashcidextended hashdate ' +
  'hashdateextended hashenum hashenumextended hashfloat4 hashfloat4extended hashfloat8 hashfloat8extended hashinet ' +
  'hashinetextended hashint2 hashint2extended hashint4 hashint4extended hashint8 hashint8extended hashmacaddr hashmacaddr8 ' +
  'hashmacaddr8extended hashmacaddrextended hashname hashnameextended hashoid hashoidextended hashoidvector ' +
  'hashoidvectorextended hashtext hashtextextended hashtid hashtidextended hashxid hashxid8 hashxid8extended ' +
  'hashxidextended height host hostmask icu_unicode_version ' +
  'in_range(date.date.interval.bool.bool|float4.float4.float8.bool.bool|float8.float8.float8.bool.bool|int2.int2.int2.bool.bool|int2.int2.int4.bool.bool|int2.int2.int8.bool.bool|int4.int4.int2.bool.bool|int4.int4.int4.bool.bool|int4.int4.int8.bool.bool|int8.int8.int8.bool.bool|interval.interval.interval.bool.bool|numeric.numeric.numeric.bool.bool|time.time.interval.bool.bool|timestamp.timestamp.interval.bool.bool|timestamptz.timestamptz.interval.bool.bool) ' +
  'inet_client_addr inet_client_port inet_merge inet_same_family inet_server_addr inet_server_port initcap ' +
  'int2(bytea|float4|float8|int4|int8|jsonb|numeric) int4(bool|bytea|float4|float8|int2|int8|jsonb|numeric) int4inc ' +
  'int4multirange int4range(int4.int4|int4.int4.text) int4range_canonical int4range_subdiff ' +
  'int8(bytea|float4|float8|int2|int4|int8|jsonb|numeric) int8_sum int8multirange int8range(int8.int8|int8.int8.text) ' +
  'int8range_canonical int8range_subdiff interval(interval.int4|time) interval_cmp interval_hash interval_hash_extended ' +
  'intervaltypmodin is_normalized isclosed isempty isfinite(date|interval|timestamp|timestamptz) ishorizontal isopen ' +
  'isparallel isperp isvertical json_agg json_agg_strict json_array_elements json_array_elements_text json_array_length ' +
  'json_build_array json_build_object json_each json_each_text json_extract_path json_extract_path_text json_object ' +
  'json_object_agg json_object_agg_strict json_object_agg_unique json_object_agg_unique_strict json_object_keys ' +
  'json_populate_record json_populate_recordset json_strip_nulls json_to_record json_to_recordset json_to_tsvector ' +
  'json_typeof jsonb_agg jsonb_agg_strict jsonb_array_elements jsonb_array_elements_text jsonb_array_length ' +
  'jsonb_build_array jsonb_build_object jsonb_cmp jsonb_each jsonb_each_text jsonb_extract_path jsonb_extract_path_text ' +
  'jsonb_hash jsonb_hash_extended jsonb_insert jsonb_object jsonb_object_agg jsonb_object_agg_strict ' +
  'jsonb_object_agg_unique jsonb_object_agg_unique_strict jsonb_object_keys jsonb_path_exists jsonb_path_exists_tz ' +
  'jsonb_path_match jsonb_path_match_tz jsonb_path_query jsonb_path_query_array jsonb_path_query_array_tz ' +
  'jsonb_path_query_first jsonb_path_query_first_tz jsonb_path_query_tz jsonb_populate_record jsonb_populate_record_valid ' +
  'jsonb_populate_recordset jsonb_pretty jsonb_set jsonb_set_lax jsonb_strip_nulls jsonb_to_record jsonb_to_recordset ' +
  'jsonb_to_tsvector jsonb_typeof justify_days justify_hours justify_interval lag last_value lastval ' +
  'lcm(int4.int4|int8.int8|numeric.numeric) lead left length(bpchar|bytea|bytea.text|text) lgamma ' +
  'like(bytea.bytea|text.text) like_escape(bytea.bytea|text.text) line ln(float8|numeric) lo_close lo_creat lo_create ' +
  'lo_export lo_from_bytea lo_get(int8|int8.int8.int4) lo_import(text|text.int8) lo_lseek lo_lseek64 lo_open lo_put ' +
  'lo_tell lo_tell64 lo_truncate lo_truncate64 lo_unlink log(float8|numeric|numeric.numeric) log10(float8|numeric) loread ' +
  'lower lower_inc lower_inf lowrite lpad(text.int4|text.int4.text) lseg ltrim(bytea.bytea|text|text.text) macaddr ' +
  'macaddr8 macaddr8_cmp macaddr8_set7bit macaddr_cmp make_date make_interval make_time make_timestamp ' +
  'make_timestamptz(int4.int4.int4.int4.int4.float8|int4.int4.int4.int4.int4.float8.text) makeaclitem masklen ' +
  'max(bpchar|bytea|date|float4|float8|int2|int4|int8|interval|numeric|text|time|timestamp|timestamptz) md5(bytea|text) ' +
  'min(bpchar|bytea|date|float4|float8|int2|int4|int8|interval|numeric|text|time|timestamp|timestamptz) min_scale ' +
  'mod(int2.int2|int4.int4|int8.int8|numeric.numeric) mode money(int4|int8|numeric) multirange multirange_cmp mxid_age ' +
  'name(bpchar|text|varchar) nameconcatoid netmask network network_cmp nextval normalize notlike(bytea.bytea|text.text) ' +
  'now npoints nth_value ntile num_nonnulls num_nulls numeric(float4|float8|int2|int4|int8|jsonb|numeric.int4) numeric_cmp ' +
  'numeric_div_trunc numeric_exp numeric_inc numeric_ln numeric_log numeric_sqrt numerictypmodin nummultirange numnode ' +
  'numrange(numeric.numeric|numeric.numeric.text) numrange_subdiff obj_description(int8|int8.text) ' +
  'octet_length(bpchar|bytea|text) oid oidvectortypes ' +
  'overlaps(time.interval.time.interval|time.interval.time.time|time.time.time.interval|time.time.time.time|timestamp.interval.timestamp.interval|timestamp.interval.timestamp.timestamp|timestamp.timestamp.timestamp.interval|timestamp.timestamp.timestamp.timestamp|timestamptz.interval.timestamptz.interval|timestamptz.interval.timestamptz.timestamptz|timestamptz.timestamptz.timestamptz.interval|timestamptz.timestamptz.timestamptz.timestamptz) ' +
  'overlay(bytea.bytea.int4|bytea.bytea.int4.int4|text.text.int4|text.text.int4.int4) parse_ident path pclose percent_rank ' +
  'percentile_cont(float8.float8|float8.interval) percentile_disc pg_advisory_lock(int4.int4|int8) ' +
  'pg_advisory_lock_shared(int4.int4|int8) pg_advisory_unlock(int4.int4|int8) pg_advisory_unlock_all ' +
  'pg_advisory_unlock_shared(int4.int4|int8) pg_advisory_xact_lock(int4.int4|int8) ' +
  'pg_advisory_xact_lock_shared(int4.int4|int8) pg_available_extension_versions pg_available_extensions ' +
  'pg_available_wal_summaries pg_backend_pid pg_backup_start pg_backup_stop pg_basetype pg_blocking_pids pg_cancel_backend ' +
  'pg_char_to_encoding pg_clear_attribute_stats pg_clear_relation_stats pg_client_encoding pg_collation_actual_version ' +
  'pg_collation_for pg_collation_is_visible pg_column_compression pg_column_is_updatable pg_column_size ' +
  'pg_column_toast_chunk_id pg_conf_load_time pg_config pg_control_checkpoint pg_control_init pg_control_recovery ' +
  'pg_control_system pg_conversion_is_visible ' +
  'pg_copy_logical_replication_slot(text.text|text.text.bool|text.text.bool.text) ' +
  'pg_copy_physical_replication_slot(text.text|text.text.bool) pg_create_logical_replication_slot ' +
  'pg_create_physical_replication_slot pg_create_restore_point pg_current_logfile pg_current_snapshot ' +
  'pg_current_wal_flush_lsn pg_current_wal_insert_lsn pg_current_wal_lsn pg_current_xact_id pg_current_xact_id_if_assigned ' +
  'pg_cursor pg_database_collation_actual_version pg_database_size(int8|text) pg_describe_object pg_drop_replication_slot ' +
  'pg_encoding_max_length pg_encoding_to_char pg_event_trigger_ddl_commands pg_event_trigger_dropped_objects ' +
  'pg_event_trigger_table_rewrite_oid pg_event_trigger_table_rewrite_reason pg_export_snapshot pg_extension_config_dump ' +
  'pg_extension_update_paths pg_filenode_relation pg_function_is_visible pg_get_acl pg_get_aios ' +
  'pg_get_backend_memory_contexts pg_get_catalog_foreign_keys pg_get_constraintdef(int8|int8.bool) pg_get_expr ' +
  'pg_get_function_arg_default pg_get_function_arguments pg_get_function_identity_arguments pg_get_function_result ' +
  'pg_get_function_sqlbody pg_get_functiondef pg_get_indexdef(int8|int8.int4.bool) pg_get_keywords pg_get_loaded_modules ' +
  'pg_get_multixact_members pg_get_object_address pg_get_partition_constraintdef pg_get_partkeydef ' +
  'pg_get_publication_tables pg_get_replica_identity_index pg_get_replication_slots pg_get_ruledef(int8|int8.bool) ' +
  'pg_get_sequence_data pg_get_serial_sequence pg_get_shmem_allocations pg_get_shmem_allocations_numa ' +
  'pg_get_statisticsobjdef pg_get_statisticsobjdef_columns pg_get_statisticsobjdef_expressions ' +
  'pg_get_triggerdef(int8|int8.bool) pg_get_userbyid pg_get_viewdef(int8|int8.bool|int8.int4|text|text.bool) ' +
  'pg_get_wait_events pg_get_wal_replay_pause_state pg_get_wal_resource_managers pg_get_wal_summarizer_state ' +
  'pg_has_role(int8.int8.text|int8.text|int8.text.text|text.int8.text|text.text|text.text.text) pg_hba_file_rules ' +
  'pg_ident_file_mappings pg_identify_object pg_identify_object_as_address pg_import_system_collations ' +
  'pg_index_column_has_property pg_index_has_property pg_indexam_has_property pg_indexam_progress_phasename ' +
  'pg_indexes_size pg_input_error_info pg_input_is_valid pg_is_in_recovery pg_is_other_temp_schema pg_is_wal_replay_paused ' +
  'pg_isolation_test_session_is_blocked pg_jit_available pg_last_committed_xact pg_last_wal_receive_lsn ' +
  'pg_last_wal_replay_lsn pg_last_xact_replay_timestamp pg_listening_channels pg_lock_status ' +
  'pg_log_backend_memory_contexts pg_log_standby_snapshot ' +
  'pg_logical_emit_message(bool.text.bytea.bool|bool.text.text.bool) pg_logical_slot_get_binary_changes ' +
  'pg_logical_slot_get_changes pg_logical_slot_peek_binary_changes pg_logical_slot_peek_changes pg_ls_archive_statusdir ' +
  'pg_ls_dir(text|text.bool.bool) pg_ls_logdir pg_ls_logicalmapdir pg_ls_logicalsnapdir pg_ls_replslotdir ' +
  'pg_ls_summariesdir pg_ls_tmpdir pg_ls_waldir pg_lsn pg_lsn_cmp pg_lsn_hash pg_lsn_hash_extended pg_mcv_list_items ' +
  'pg_my_temp_schema pg_nextoid pg_notification_queue_usage pg_notify pg_numa_available pg_opclass_is_visible ' +
  'pg_operator_is_visible pg_opfamily_is_visible pg_options_to_table pg_partition_ancestors pg_partition_root ' +
  'pg_partition_tree pg_postmaster_start_time pg_prepared_statement pg_prepared_xact pg_promote ' +
  'pg_read_binary_file(text|text.bool|text.int8.int8|text.int8.int8.bool) ' +
  'pg_read_file(text|text.bool|text.int8.int8|text.int8.int8.bool) pg_relation_filenode pg_relation_filepath ' +
  'pg_relation_is_publishable pg_relation_is_updatable pg_relation_size(int8|int8.text) pg_reload_conf ' +
  'pg_replication_origin_advance pg_replication_origin_create pg_replication_origin_drop pg_replication_origin_oid ' +
  'pg_replication_origin_progress pg_replication_origin_session_is_setup pg_replication_origin_session_progress ' +
  'pg_replication_origin_session_reset pg_replication_origin_session_setup pg_replication_origin_xact_reset ' +
  'pg_replication_origin_xact_setup pg_replication_slot_advance pg_restore_attribute_stats pg_restore_relation_stats ' +
  'pg_rotate_logfile pg_safe_snapshot_blocking_pids pg_sequence_last_value pg_sequence_parameters pg_settings_get_flags ' +
  'pg_show_all_file_settings pg_show_all_settings pg_show_replication_origin_status pg_size_bytes ' +
  'pg_size_pretty(int8|numeric) pg_sleep pg_sleep_for pg_sleep_until pg_snapshot_xip pg_snapshot_xmax pg_snapshot_xmin ' +
  'pg_split_walfile_name pg_stat_clear_snapshot pg_stat_file(text|text.bool) pg_stat_force_next_flush pg_stat_get_activity ' +
  'pg_stat_get_analyze_count pg_stat_get_archiver pg_stat_get_autoanalyze_count pg_stat_get_autovacuum_count ' +
  'pg_stat_get_backend_activity pg_stat_get_backend_activity_start pg_stat_get_backend_client_addr ' +
  'pg_stat_get_backend_client_port pg_stat_get_backend_dbid pg_stat_get_backend_idset pg_stat_get_backend_io ' +
  'pg_stat_get_backend_pid pg_stat_get_backend_start pg_stat_get_backend_subxact pg_stat_get_backend_userid ' +
  'pg_stat_get_backend_wait_event pg_stat_get_backend_wait_event_type pg_stat_get_backend_wal ' +
  'pg_stat_get_backend_xact_start pg_stat_get_bgwriter_buf_written_clean pg_stat_get_bgwriter_maxwritten_clean ' +
  'pg_stat_get_bgwriter_stat_reset_time pg_stat_get_blocks_fetched pg_stat_get_blocks_hit pg_stat_get_buf_alloc ' +
  'pg_stat_get_checkpointer_buffers_written pg_stat_get_checkpointer_num_performed pg_stat_get_checkpointer_num_requested ' +
  'pg_stat_get_checkpointer_num_timed pg_stat_get_checkpointer_restartpoints_performed ' +
  'pg_stat_get_checkpointer_restartpoints_requested pg_stat_get_checkpointer_restartpoints_timed ' +
  'pg_stat_get_checkpointer_slru_written pg_stat_get_checkpointer_stat_reset_time pg_stat_get_checkpointer_sync_time ' +
  'pg_stat_get_checkpointer_write_time pg_stat_get_db_active_time pg_stat_get_db_blk_read_time ' +
  'pg_stat_get_db_blk_write_time pg_stat_get_db_blocks_fetched pg_stat_get_db_blocks_hit pg_stat_get_db_checksum_failures ' +
  'pg_stat_get_db_checksum_last_failure pg_stat_get_db_conflict_all pg_stat_get_db_conflict_bufferpin ' +
  'pg_stat_get_db_conflict_lock pg_stat_get_db_conflict_logicalslot pg_stat_get_db_conflict_snapshot ' +
  'pg_stat_get_db_conflict_startup_deadlock pg_stat_get_db_conflict_tablespace pg_stat_get_db_deadlocks ' +
  'pg_stat_get_db_idle_in_transaction_time pg_stat_get_db_numbackends pg_stat_get_db_parallel_workers_launched ' +
  'pg_stat_get_db_parallel_workers_to_launch pg_stat_get_db_session_time pg_stat_get_db_sessions ' +
  'pg_stat_get_db_sessions_abandoned pg_stat_get_db_sessions_fatal pg_stat_get_db_sessions_killed ' +
  'pg_stat_get_db_stat_reset_time pg_stat_get_db_temp_bytes pg_stat_get_db_temp_files pg_stat_get_db_tuples_deleted ' +
  'pg_stat_get_db_tuples_fetched pg_stat_get_db_tuples_inserted pg_stat_get_db_tuples_returned ' +
  'pg_stat_get_db_tuples_updated pg_stat_get_db_xact_commit pg_stat_get_db_xact_rollback pg_stat_get_dead_tuples ' +
  'pg_stat_get_function_calls pg_stat_get_function_self_time pg_stat_get_function_total_time pg_stat_get_ins_since_vacuum ' +
  'pg_stat_get_io pg_stat_get_last_analyze_time pg_stat_get_last_autoanalyze_time pg_stat_get_last_autovacuum_time ' +
  'pg_stat_get_last_vacuum_time pg_stat_get_lastscan pg_stat_get_live_tuples pg_stat_get_mod_since_analyze ' +
  'pg_stat_get_numscans pg_stat_get_progress_info pg_stat_get_recovery_prefetch pg_stat_get_replication_slot ' +
  'pg_stat_get_slru pg_stat_get_snapshot_timestamp pg_stat_get_subscription pg_stat_get_subscription_stats ' +
  'pg_stat_get_total_analyze_time pg_stat_get_total_autoanalyze_time pg_stat_get_total_autovacuum_time ' +
  'pg_stat_get_total_vacuum_time pg_stat_get_tuples_deleted pg_stat_get_tuples_fetched pg_stat_get_tuples_hot_updated ' +
  'pg_stat_get_tuples_inserted pg_stat_get_tuples_newpage_updated pg_stat_get_tuples_returned pg_stat_get_tuples_updated ' +
  'pg_stat_get_vacuum_count pg_stat_get_wal pg_stat_get_wal_receiver pg_stat_get_wal_senders ' +
  'pg_stat_get_xact_blocks_fetched pg_stat_get_xact_blocks_hit pg_stat_get_xact_function_calls ' +
  'pg_stat_get_xact_function_self_time pg_stat_get_xact_function_total_time pg_stat_get_xact_numscans ' +
  'pg_stat_get_xact_tuples_deleted pg_stat_get_xact_tuples_fetched pg_stat_get_xact_tuples_hot_updated ' +
  'pg_stat_get_xact_tuples_inserted pg_stat_get_xact_tuples_newpage_updated pg_stat_get_xact_tuples_returned ' +
  'pg_stat_get_xact_tuples_updated pg_stat_have_stats pg_stat_reset pg_stat_reset_backend_stats ' +
  'pg_stat_reset_replication_slot pg_stat_reset_shared pg_stat_reset_single_function_counters ' +
  'pg_stat_reset_single_table_counters pg_stat_reset_slru pg_stat_reset_subscription_stats pg_statistics_obj_is_visible ' +
  'pg_stop_making_pinned_objects pg_switch_wal pg_sync_replication_slots pg_table_is_visible pg_table_size ' +
  'pg_tablespace_databases pg_tablespace_location pg_tablespace_size(int8|text) pg_terminate_backend ' +
  'pg_timezone_abbrevs_abbrevs pg_timezone_abbrevs_zone pg_timezone_names pg_total_relation_size pg_trigger_depth ' +
  'pg_try_advisory_lock(int4.int4|int8) pg_try_advisory_lock_shared(int4.int4|int8) ' +
  'pg_try_advisory_xact_lock(int4.int4|int8) pg_try_advisory_xact_lock_shared(int4.int4|int8) pg_ts_config_is_visible ' +
  'pg_ts_dict_is_visible pg_ts_parser_is_visible pg_ts_template_is_visible pg_type_is_visible pg_typeof ' +
  'pg_visible_in_snapshot pg_wal_lsn_diff pg_wal_replay_pause pg_wal_replay_resume pg_wal_summary_contents pg_walfile_name ' +
  'pg_walfile_name_offset pg_xact_commit_timestamp pg_xact_commit_timestamp_origin pg_xact_status phraseto_tsquery pi ' +
  'plainto_tsquery point polygon popen position(bytea.bytea|text.text) pow(float8.float8|numeric.numeric) ' +
  'power(float8.float8|numeric.numeric) query_to_xml query_to_xml_and_xmlschema query_to_xmlschema querytree quote_ident ' +
  'quote_literal quote_nullable radians radius random(int4.int4|int8.int8|numeric.numeric) random_normal range_agg ' +
  'range_cmp range_intersect_agg range_merge rank regclass regexp_count(text.text|text.text.int4|text.text.int4.text) ' +
  'regexp_instr(text.text|text.text.int4|text.text.int4.int4|text.text.int4.int4.int4|text.text.int4.int4.int4.text|text.text.int4.int4.int4.text.int4) ' +
  'regexp_like(text.text|text.text.text) regexp_match(text.text|text.text.text) regexp_matches(text.text|text.text.text) ' +
  'regexp_replace(text.text.text|text.text.text.int4|text.text.text.int4.int4|text.text.text.int4.int4.text|text.text.text.text) ' +
  'regexp_split_to_array(text.text|text.text.text) regexp_split_to_table(text.text|text.text.text) ' +
  'regexp_substr(text.text|text.text.int4|text.text.int4.int4|text.text.int4.int4.text|text.text.int4.int4.text.int4) ' +
  'regr_avgx regr_avgy regr_count regr_intercept regr_r2 regr_slope regr_sxx regr_sxy regr_syy repeat replace ' +
  'reverse(bytea|text) right round(float8|numeric|numeric.int4) row_number row_security_active(int8|text) row_to_json ' +
  'rpad(text.int4|text.int4.text) rtrim(bytea.bytea|text|text.text) satisfies_hash_partition scale schema_to_xml ' +
  'schema_to_xml_and_xmlschema schema_to_xmlschema session_user set_bit set_byte set_config set_masklen setseed ' +
  'setval(int8.int8|int8.int8.bool) setweight sha224 sha256 sha384 sha512 shobj_description sign(float8|numeric) ' +
  'similar_escape similar_to_escape(text|text.text) sin sind sinh slope spg_poly_quad_compress split_part ' +
  'sqrt(float8|numeric) statement_timestamp stddev(float4|float8|int2|int4|int8|numeric) ' +
  'stddev_pop(float4|float8|int2|int4|int8|numeric) stddev_samp(float4|float8|int2|int4|int8|numeric) ' +
  'string_agg(bytea.bytea|text.text) string_to_array(text.text|text.text.text) string_to_table(text.text|text.text.text) ' +
  'strip strpos substr(bytea.int4|bytea.int4.int4|text.int4|text.int4.int4) ' +
  'substring(bytea.int4|bytea.int4.int4|text.int4|text.int4.int4|text.text|text.text.text) ' +
  'sum(float4|float8|int2|int4|int8|interval|numeric) system_user table_to_xml table_to_xml_and_xmlschema ' +
  'table_to_xmlschema tan tand tanh text(bool|bpchar|text) textlen time(interval|time|time.int4|timestamp|timestamptz) ' +
  'time_cmp time_hash time_hash_extended timeofday timestamp(date|date.time|timestamp.int4|timestamptz) timestamp_cmp ' +
  'timestamp_cmp_date timestamp_cmp_timestamptz timestamp_hash timestamp_hash_extended timestamptypmodin ' +
  'timestamptz(date|date.time|timestamp|timestamptz.int4) timestamptz_cmp timestamptz_cmp_date timestamptz_cmp_timestamp ' +
  'timestamptz_hash timestamptz_hash_extended timestamptztypmodin timetypmodin timetz(time|time.int4|timestamptz) ' +
  'timetz_cmp timetz_hash timetz_hash_extended timetztypmodin ' +
  'timezone(interval.time|interval.timestamp|interval.timestamptz|text.time|text.timestamp|text.timestamptz|time|timestamp|timestamptz) ' +
  'to_ascii(text|text.int4|text.text) to_bin(int4|int8) ' +
  'to_char(float4.text|float8.text|int4.text|int8.text|interval.text|numeric.text|timestamp.text|timestamptz.text) to_date ' +
  'to_hex(int4|int8) to_json to_jsonb to_number to_oct(int4|int8) to_regclass to_regcollation to_regnamespace to_regoper ' +
  'to_regoperator to_regproc to_regprocedure to_regrole to_regtype to_regtypemod to_timestamp(float8|text.text) to_tsquery ' +
  'to_tsvector(json|jsonb|text) transaction_timestamp translate trim_array trim_scale trunc(float8|numeric|numeric.int4) ' +
  'ts_debug ts_delete ts_filter ts_headline ts_lexize ts_parse(int8.text|text.text) ts_rank ts_rank_cd ts_rewrite ' +
  'ts_stat(text|text.text) ts_token_type(int8|text) tsmultirange tsquery_cmp tsquery_phrase ' +
  'tsrange(timestamp.timestamp|timestamp.timestamp.text) tsrange_subdiff tstzmultirange ' +
  'tstzrange(timestamptz.timestamptz|timestamptz.timestamptz.text) tstzrange_subdiff tsvector_cmp tsvector_to_array ' +
  'txid_current txid_current_if_assigned txid_current_snapshot txid_snapshot_xip txid_snapshot_xmax txid_snapshot_xmin ' +
  'txid_status txid_visible_in_snapshot unicode_assigned unicode_version unistr unnest upper upper_inc upper_inf uuid_cmp ' +
  'uuid_extract_timestamp uuid_extract_version uuid_hash uuid_hash_extended uuidv4 uuidv7 ' +
  'var_pop(float4|float8|int2|int4|int8|numeric) var_samp(float4|float8|int2|int4|int8|numeric) varbit varbitcmp ' +
  'varbittypmodin varchar(text|varchar.int4.bool) varchartypmodin variance(float4|float8|int2|int4|int8|numeric) version ' +
  'websearch_to_tsquery width width_bucket(float8.float8.float8.int4|numeric.numeric.numeric.int4) xid xid8cmp xml ' +
  'xml_is_well_formed xml_is_well_formed_content xml_is_well_formed_document xmlagg xmlcomment xmlexists xmltext ' +
  'xmlvalidate xpath xpath_exists';

/** Words that are a name only in quotes. */
export const POSTGRES_KEYWORDS =
  'all analyse analyze and any array as asc asymmetric authorization between bigint binary bit boolean both case cast char ' +
  'character check coalesce collate collation column concurrently constraint create cross current_catalog current_date ' +
  'current_role current_schema current_time current_timestamp current_user dec decimal default deferrable desc distinct do ' +
  'else end except exists extract false fetch float for foreign freeze from full grant greatest group grouping having ' +
  'ilike in initially inner inout int integer intersect interval into is isnull join json json_array json_arrayagg ' +
  'json_exists json_object json_objectagg json_query json_scalar json_serialize json_table json_value lateral leading ' +
  'least left like limit localtime localtimestamp merge_action national natural nchar none normalize not notnull null ' +
  'nullif numeric offset on only or order out outer overlaps overlay placing position precision primary real references ' +
  'returning right row select session_user setof similar smallint some substring symmetric system_user table tablesample ' +
  'then time timestamp to trailing treat trim true union unique user using values varchar variadic verbose when where ' +
  'window with xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize ' +
  'xmltable';
