/**
 * The day in Korea of a case and the hour of a ledger row, counted from 1 January 1970: their ids tell the millisecond.
 */
const dayOf = (row: 'new' | 'old') => `(${row}.case_id / 2048 + 32400000) / 86400000`
const hourOf = (row: 'new' | 'old') => `${row}.row_id / 1024 / 3600000`

/** Adds a case to the sums of its group, or takes it away again. */
const sumCase = (row: 'new' | 'old', sign: '+' | '-') => `
  UPDATE case_groups SET cases = cases ${sign} 1, charged = charged ${sign} ${row}.charged,
    refunded = refunded ${sign} ${row}.refunded WHERE group_id = ${row}.group_id;
  INSERT INTO case_days (group_id, day, cases, charged, refunded)
  VALUES (${row}.group_id, ${dayOf(row)}, ${sign}1, ${sign}${row}.charged, ${sign}${row}.refunded)
  ON CONFLICT (group_id, day) DO UPDATE SET cases = cases + excluded.cases, charged = charged + excluded.charged,
    refunded = refunded + excluded.refunded;`

const countRow = (row: 'new' | 'old', sign: '+' | '-') =>
  `UPDATE ledger_groups SET rows = rows ${sign} 1 WHERE group_id = ${row}.group_id;`

const sumRow = (row: 'new' | 'old', sign: '+' | '-') => `
  INSERT INTO ledger_hours (account_id, hour, amount) VALUES (${row}.account_id, ${hourOf(row)}, ${sign}${row}.amount)
  ON CONFLICT (account_id, hour) DO UPDATE SET amount = amount + excluded.amount;`

/** The first schema. Times are epoch milliseconds UTC, amounts whole credits, ids exactly as the service sent them. */
export const first = `
CREATE TABLE accounts (
  account_id INTEGER PRIMARY KEY,
  id TEXT NOT NULL,
  sign_in_method TEXT NOT NULL,
  display_name TEXT NOT NULL,
  email TEXT,
  plan TEXT NOT NULL,
  balance INTEGER NOT NULL,
  balance_as_of INTEGER NOT NULL,
  balances TEXT NOT NULL,
  refund_grace_ms INTEGER NOT NULL,
  generation_limit_ms INTEGER NOT NULL,
  links TEXT NOT NULL,
  active_at INTEGER NOT NULL,
  evaluated_at INTEGER NOT NULL,
  sync_paused INTEGER NOT NULL DEFAULT 0,
  UNIQUE (id, sign_in_method)
) STRICT;

CREATE TABLE jobs (
  row_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  agent TEXT NOT NULL CHECK (agent IN ('agent-1', 'agent-2')),
  id TEXT NOT NULL,
  chat_id TEXT NOT NULL,
  chat_title TEXT,
  chat_url TEXT,
  kind TEXT NOT NULL,
  model TEXT NOT NULL,
  prompt TEXT NOT NULL,
  status TEXT NOT NULL,
  failure_code TEXT,
  failure_origin TEXT,
  failure_message TEXT,
  requested_results INTEGER NOT NULL,
  result_count INTEGER NOT NULL,
  created_at INTEGER NOT NULL,
  started_at INTEGER,
  finished_at INTEGER,
  revision INTEGER NOT NULL,
  generation INTEGER NOT NULL,
  gone_at INTEGER,
  UNIQUE (account_id, agent, id)
) STRICT;
CREATE INDEX jobs_gone ON jobs (account_id, agent) WHERE gone_at IS NOT NULL;

CREATE TABLE results (
  job_row_id INTEGER NOT NULL REFERENCES jobs ON UPDATE CASCADE,
  position INTEGER NOT NULL,
  result_id TEXT NOT NULL,
  mime_type TEXT NOT NULL,
  url TEXT NOT NULL,
  thumbnail_url TEXT,
  width INTEGER,
  height INTEGER,
  duration_ms INTEGER,
  bytes INTEGER,
  sha256 TEXT,
  PRIMARY KEY (job_row_id, position)
) STRICT, WITHOUT ROWID;

-- A deleted job is remembered by its revision, so that a late older copy cannot bring it back.
CREATE TABLE job_tombstones (
  account_id INTEGER NOT NULL REFERENCES accounts,
  agent TEXT NOT NULL,
  id TEXT NOT NULL,
  revision INTEGER NOT NULL,
  PRIMARY KEY (account_id, agent, id)
) STRICT, WITHOUT ROWID;

-- What the ledger is narrowed by. Every row is in one group: lists merge the groups that fit, and counts add them up.
CREATE TABLE ledger_groups (
  group_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  kind TEXT NOT NULL,
  feature TEXT,
  source TEXT,
  -- The row's own, else that of the case in which it counts.
  agent TEXT,
  rows INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX ledger_groups_by_name ON ledger_groups (account_id, kind, feature, source, agent);

CREATE TABLE credit_transactions (
  row_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  group_id INTEGER NOT NULL REFERENCES ledger_groups,
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  feature TEXT,
  source TEXT,
  amount INTEGER NOT NULL CHECK (amount BETWEEN -9007199254740991 AND 9007199254740991),
  balance_after INTEGER,
  occurred_at INTEGER NOT NULL,
  job_id TEXT,
  agent TEXT,
  reverses TEXT,
  model TEXT,
  memo TEXT,
  expires_at INTEGER,
  hash BLOB NOT NULL,
  generation INTEGER NOT NULL,
  withdrawn_at INTEGER,
  case_id INTEGER,
  UNIQUE (account_id, id)
) STRICT;
CREATE INDEX credits_by_job ON credit_transactions (account_id, job_id) WHERE job_id IS NOT NULL;
CREATE INDEX credits_by_reversed ON credit_transactions (account_id, reverses) WHERE reverses IS NOT NULL;
CREATE INDEX credits_by_case ON credit_transactions (case_id) WHERE case_id IS NOT NULL;
CREATE INDEX credits_by_group ON credit_transactions (group_id);
CREATE INDEX credits_withdrawn ON credit_transactions (account_id) WHERE withdrawn_at IS NOT NULL;
CREATE INDEX credits_expiring ON credit_transactions (account_id, expires_at) WHERE expires_at IS NOT NULL;

-- What the rows that stand change the balance by.
CREATE TABLE ledger_hours (
  account_id INTEGER NOT NULL REFERENCES accounts,
  hour INTEGER NOT NULL,
  amount INTEGER NOT NULL,
  PRIMARY KEY (account_id, hour)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER ledger_row_added AFTER INSERT ON credit_transactions BEGIN
  ${countRow('new', '+')}${sumRow('new', '+')}
END;
CREATE TRIGGER ledger_row_regrouped AFTER UPDATE OF group_id ON credit_transactions BEGIN
  ${countRow('old', '-')}
  ${countRow('new', '+')}
END;
CREATE TRIGGER ledger_row_withdrawn AFTER UPDATE OF withdrawn_at ON credit_transactions
WHEN old.withdrawn_at IS NULL AND new.withdrawn_at IS NOT NULL BEGIN${sumRow('new', '-')}
END;
CREATE TRIGGER ledger_row_listed_again AFTER UPDATE OF withdrawn_at ON credit_transactions
WHEN old.withdrawn_at IS NOT NULL AND new.withdrawn_at IS NULL BEGIN${sumRow('new', '+')}
END;

-- What jobs and cases are narrowed by; kind and model are those of a job.
CREATE TABLE case_groups (
  group_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  agent TEXT,
  kind TEXT,
  model TEXT,
  outcome TEXT NOT NULL,
  refund_status TEXT NOT NULL,
  cases INTEGER NOT NULL DEFAULT 0,
  charged INTEGER NOT NULL DEFAULT 0,
  refunded INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX case_groups_by_name ON case_groups (account_id, refund_status, outcome, agent, kind, model);

CREATE TABLE refund_cases (
  case_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  group_id INTEGER NOT NULL REFERENCES case_groups,
  reason TEXT NOT NULL,
  charged INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  since INTEGER NOT NULL,
  deadline_at INTEGER,
  due_at INTEGER,
  unread TEXT NOT NULL,
  -- When the user settled the case by hand: it no longer asks for attention.
  settled_at INTEGER
) STRICT;
CREATE INDEX cases_by_group ON refund_cases (group_id);
CREATE INDEX cases_due ON refund_cases (account_id, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX cases_settled ON refund_cases (account_id) WHERE settled_at IS NOT NULL;

CREATE TABLE case_days (
  group_id INTEGER NOT NULL REFERENCES case_groups,
  day INTEGER NOT NULL,
  cases INTEGER NOT NULL,
  charged INTEGER NOT NULL,
  refunded INTEGER NOT NULL,
  PRIMARY KEY (group_id, day)
) STRICT, WITHOUT ROWID;
CREATE TRIGGER case_added AFTER INSERT ON refund_cases BEGIN${sumCase('new', '+')}
END;
CREATE TRIGGER case_removed AFTER DELETE ON refund_cases BEGIN${sumCase('old', '-')}
END;
CREATE TRIGGER case_changed AFTER UPDATE OF case_id, group_id, charged, refunded ON refund_cases BEGIN${sumCase('old', '-')}${sumCase('new', '+')}
END;

CREATE TABLE sync_streams (
  account_id INTEGER NOT NULL REFERENCES accounts,
  stream TEXT NOT NULL,
  phase TEXT NOT NULL CHECK (phase IN ('listing', 'confirm', 'changes')),
  page_token TEXT,
  cursor TEXT,
  generation INTEGER NOT NULL,
  records INTEGER NOT NULL,
  listed INTEGER NOT NULL,
  total INTEGER,
  known_before INTEGER NOT NULL,
  last_success_at INTEGER,
  error TEXT,
  PRIMARY KEY (account_id, stream)
) STRICT, WITHOUT ROWID;

CREATE TABLE records_set_aside (
  account_id INTEGER NOT NULL REFERENCES accounts,
  stream TEXT NOT NULL,
  record TEXT NOT NULL,
  problem TEXT NOT NULL,
  raw TEXT NOT NULL,
  first_seen_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, stream, record)
) STRICT, WITHOUT ROWID;

-- Its tokens are made in search-tokens.ts, with spaces between them and every other visible character in them.
CREATE VIRTUAL TABLE job_search USING fts5 (tokens, content = '', contentless_delete = 1, detail = 'none',
  tokenize = "ascii tokenchars '!""#$%&''()*+,-./:;<=>?@[\\]^_\`{|}~'");

-- What only the user knows. Keys are case names made of the service's ids, so that these rows survive a rebuild of all others.
CREATE TABLE marks (
  account_id INTEGER NOT NULL REFERENCES accounts,
  case_name TEXT NOT NULL,
  favorite INTEGER NOT NULL DEFAULT 0,
  unwanted INTEGER NOT NULL DEFAULT 0,
  note TEXT,
  settled_at INTEGER,
  changed_at INTEGER NOT NULL,
  PRIMARY KEY (account_id, case_name)
) STRICT, WITHOUT ROWID;

CREATE TABLE support_cases (
  support_case_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  state TEXT NOT NULL CHECK (state IN ('draft', 'sent', 'answered', 'resolved')),
  cases TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  remind_at INTEGER,
  closed_by TEXT CHECK (closed_by IN ('user', 'refund')),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL
) STRICT;

-- Which originals stay on this computer, what only the user knows as well: the service's ids are the keys here, too.
CREATE TABLE kept_originals (
  original_id INTEGER PRIMARY KEY,
  account_id INTEGER NOT NULL REFERENCES accounts,
  agent TEXT NOT NULL,
  job_id TEXT NOT NULL,
  result_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('waiting', 'kept', 'failed')),
  -- The next is the one with the fewest tries, then with the highest rank: the moment of the wish, else of the job.
  tries INTEGER NOT NULL DEFAULT 0,
  rank INTEGER NOT NULL,
  -- As the service states it, then as it is on the disk.
  bytes INTEGER,
  -- Of the unfinished download.
  etag TEXT,
  error TEXT,
  UNIQUE (account_id, agent, job_id, result_id)
) STRICT;
CREATE INDEX originals_waiting ON kept_originals (account_id, tries, rank DESC) WHERE state = 'waiting';
CREATE INDEX originals_counted ON kept_originals (account_id, state, bytes);

CREATE TABLE keep_settings (
  account_id INTEGER PRIMARY KEY REFERENCES accounts,
  paused INTEGER NOT NULL DEFAULT 0,
  -- Originals of jobs that end from then on are kept.
  new_since INTEGER,
  -- All originals were asked for, and those of the jobs below this row id are still to be added.
  all_below INTEGER
) STRICT;
`
