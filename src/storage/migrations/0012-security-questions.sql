-- The questions that a user has chosen, with their words as they were then, and the answers.
CREATE TABLE security_answer (
  id text PRIMARY KEY,
  user_id text NOT NULL REFERENCES users (id) ON DELETE CASCADE,
  question_id text NOT NULL,
  question text NOT NULL,
  place integer NOT NULL,
  sealed_hash text NOT NULL,
  answered_at bigint NOT NULL,
  UNIQUE (user_id, question_id)
);
