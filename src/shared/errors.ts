/** Every expected failure. Each code has a sentence in both locale files under `error.<code>`. */
export const errorCodes = [
  // requests
  'unknown_route',
  'invalid_input',
  'not_found',
  'link_refused',
  'no_program',
  'desktop_only',
  'internal',
  // the service
  'unreachable',
  'timed_out',
  'certificate_untrusted',
  'proxy_failed',
  'unauthorized',
  'forbidden',
  'rate_limited',
  'service_failed',
  'not_the_service',
  'invalid_answer',
  'answer_too_large',
  'redirect_refused',
  'no_progress',
  'account_changed',
  'listing_shrunk',
  'signed_out',
  'key_store_locked',
  'address_invalid',
  'address_not_secure',
  'token_invalid',
  'service_connected',
  'sign_in_denied',
  'sign_in_timed_out',
  'sign_in_canceled',
  'sign_in_no_port',
  'sign_in_replaced',
  'sign_in_mismatch',
  'sign_in_refused',
  'sign_in_changed',
  'sign_in_elsewhere',
  'sign_in_ended',
  'sign_in_not_offered',
  // imports
  'import_empty',
  'import_unknown',
  'import_of_other_account',
  'account_needed',
  'account_not_joinable',
  'account_not_joined',
  'account_not_signed_in',
  'account_unknown',
  'cannot_read_file',
  'folder_missing',
  'folder_is_file',
  'folder_not_readable',
  'folder_in_data_folder',
  'folder_empty',
  'folder_shrunk',
  // archives
  'archive_damaged',
  'archive_foreign',
  'archive_newer',
  'archive_encrypted',
  'archive_too_large',
  'archive_entry_differs',
  'archive_entry_missing',
  'archive_entry_unknown',
  'archive_other_account',
  'archive_busy',
  // the data folder
  'data_folder_not_writable',
  'data_folder_read_only',
  'data_folder_not_permitted',
  'data_folder_in_use',
  'database_newer',
  'database_older',
  'database_foreign',
  'database_corrupt',
  'database_log_unreadable',
  'database_lost',
  'deletion_incomplete',
  'database_lost_with_backup',
  'database_replaced',
  'nothing_to_recover',
  'disk_full',
  'disk_failed',
  'data_folder_on_network',
  'backup_newer',
  'backup_kept',
  'backup_unreadable',
  'media_unavailable',
  // originals
  'original_gone',
  'original_refused',
  'original_differs',
  'original_not_media',
  'original_too_large',
  'original_lapsed',
  'original_missing',
  // start-up and the command line
  'unknown_option',
  'option_not_here',
  'account_of_folder',
  'account_of_sign_in',
  'account_all_deleted',
  'account_all_not_here',
  'unknown_command',
  'missing_argument',
  'invalid_argument',
  'port_in_use',
  'runtime_too_old',
  'cannot_write_file',
  'file_in_use',
  'file_not_permitted',
  'file_in_the_way',
  'folder_in_the_way',
  'verify_failed',
  'core_stopped',
  'disconnected',
  'not_loaded',
] as const
export type ErrorCode = (typeof errorCodes)[number]

/** Whether the database is damaged, gone or replaced, so that it must be recovered before anything else. */
export const isDamageCode = (code: ErrorCode): boolean =>
  ['database_corrupt', 'database_lost', 'database_lost_with_backup', 'database_replaced'].includes(code)

/** Whether the folder refuses every write, for whatever reason but a full disk. */
export const isUnwritableCode = (code: ErrorCode): boolean =>
  [
    'data_folder_not_writable',
    'data_folder_read_only',
    'data_folder_not_permitted',
    'file_in_the_way',
    'folder_in_the_way',
  ].includes(code)

/** Values for the translated sentence. */
export type ErrorParams = Record<string, string | number>

/** The form of an error that crosses a process boundary. */
export interface ErrorView {
  code: ErrorCode
  params: ErrorParams
}

/** An expected failure. Everything else that is thrown is a defect and becomes `internal`. */
export class AppError extends Error {
  readonly code: ErrorCode
  readonly params: ErrorParams

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: ErrorOptions) {
    super(code, options)
    this.name = 'AppError'
    this.code = code
    this.params = params
  }

  toView(): ErrorView {
    return { code: this.code, params: this.params }
  }
}
