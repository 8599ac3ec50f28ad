-- Texts that are answered by a text: what the reply is compared with, beside the question itself in `prompt`.
CREATE TABLE asked_text (
  prompt_id text PRIMARY KEY REFERENCES prompt (id) ON DELETE CASCADE,
  -- Null where the reply is the number on the screen: the text has no code then.
  code_mac text,
  attempts_left bigint NOT NULL,
  delivery_id text NOT NULL
);
-- A reply says from which number it comes, and nothing else of what it answers.
CREATE INDEX prompt_asked ON prompt (phone, created_at) WHERE state = 'open';
-- Replies that were taken: one that comes again is the same one. Nothing of what they say.
CREATE TABLE taken_reply (
  provider text NOT NULL,
  provider_id text NOT NULL,
  taken_at bigint NOT NULL,
  -- Null while it is looked at, which for a PIN takes more than one unit of work.
  settled_at bigint,
  PRIMARY KEY (provider, provider_id)
);
CREATE INDEX taken_reply_taken ON taken_reply (taken_at);
