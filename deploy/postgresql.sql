-- Two roles and a database for Komaq Service. As the server's superuser:
--   psql -v ON_ERROR_STOP=1 -v owner_password="'…'" -v web_password="'…'" -f deploy/postgresql.sql
--
-- komaq_owner  makes and changes the tables (komaq-migrate.service); nothing else runs as it
-- komaq        reads and writes rows (web processes, workers, backups): no DDL, no TRUNCATE, no superuser
--
-- What the trail refuses by triggers (changing or deleting events) therefore stays refused: only the owner could
-- drop a trigger, and no process that answers requests knows its password.

CREATE ROLE komaq_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :owner_password;
CREATE ROLE komaq LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :web_password;

CREATE DATABASE komaq OWNER komaq_owner ENCODING 'UTF8' LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE komaq FROM PUBLIC;
GRANT CONNECT ON DATABASE komaq TO komaq;

-- A forgotten transaction or a lock held too long ends by itself; the page answers 503 and can be sent again.
ALTER ROLE komaq SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE komaq SET lock_timeout = '20s';
ALTER ROLE komaq SET statement_timeout = '5min';
ALTER ROLE komaq_owner SET lock_timeout = '10s';

\connect komaq
REVOKE ALL ON SCHEMA public FROM PUBLIC;
ALTER SCHEMA public OWNER TO komaq_owner;
GRANT USAGE ON SCHEMA public TO komaq;
ALTER DEFAULT PRIVILEGES FOR ROLE komaq_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO komaq;
ALTER DEFAULT PRIVILEGES FOR ROLE komaq_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO komaq;
ALTER DEFAULT PRIVILEGES FOR ROLE komaq_owner IN SCHEMA public
    GRANT EXECUTE ON FUNCTIONS TO komaq;
