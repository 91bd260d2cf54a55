package tables

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"

	"github.com/rapidbott/tideboard/bench/truth/board"
)

// database holds two workspaces with the columns that are read.
func database(t *testing.T) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", "file:"+filepath.Join(t.TempDir(), "t.db"))
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, db.Close()) })
	for _, statement := range strings.Split(`
		CREATE TABLE workspaces (id, revision, log_floor, default_currency);
		INSERT INTO workspaces VALUES ('w', 4, 1, 'EUR'), ('v', 9, 0, 'USD');
		CREATE TABLE pipelines (id, workspace_id, name, position, deleted_at);
		INSERT INTO pipelines VALUES ('p', 'w', 'Sales', 0, NULL), ('q', 'w', 'Gone', 1, '2026-01-01'), ('r', 'v', 'Foreign', 2, NULL);
		CREATE TABLE stages (id, workspace_id, pipeline_id, name, kind, position, deleted_at);
		INSERT INTO stages VALUES ('s2', 'w', 'p', 'Won', 'WON', 1, NULL), ('s1', 'w', 'p', 'New', 'OPEN', 0, NULL), ('s0', 'w', 'p', 'Old', 'OPEN', 0, '2026-01-01');
		CREATE TABLE members (id, workspace_id, first_name, last_name, permissions);
		INSERT INTO members VALUES ('m', 'w', 'Ada', '', '{"can_see_all_records": false}'), ('n', 'w', 'Bo', '', NULL);
		CREATE TABLE contacts (id, workspace_id, first_name, last_name, deleted_at);
		INSERT INTO contacts VALUES ('c', 'w', 'Ben', 'B', NULL), ('d', 'w', 'Cleo', 'C', '2026-01-01');
		CREATE TABLE records (id, workspace_id, pipeline_id, stage_id, rank, title, description, number, value, currency, probability, status,
			priority, source, owner_id, contact_id, contact_name, contact_email, company_name, external_id, tags, version, deleted_at);
		INSERT INTO records VALUES
			('r1', 'w', 'p', 's1', 'a', 'one', NULL, 1, NULL, 'EUR', 10, 'OPEN', 'LOW', 'API', 'm', NULL, NULL, NULL, NULL, NULL, '["x"]', 1, NULL),
			('r2', 'w', 'p', 's1', 'Z', 'two', NULL, 2, 250, 'USD', 10, 'OPEN', 'LOW', 'API', NULL, 'c', NULL, NULL, NULL, NULL, NULL, 1, NULL),
			('r3', 'w', 'p', 's1', 'b', 'gone', NULL, 3, 0, 'USD', 10, 'OPEN', 'LOW', 'API', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, '2026-01-01'),
			('r4', 'v', 'r', 's9', 'b', 'foreign', NULL, 1, 0, 'USD', 10, 'OPEN', 'LOW', 'API', NULL, NULL, NULL, NULL, NULL, NULL, NULL, 1, NULL);
		CREATE TABLE changes (workspace_id, revision, ordinal);
		INSERT INTO changes VALUES ('w', 2, 0), ('w', 2, 1), ('w', 3, 0), ('w', 4, 0), ('v', 9, 3)`, ";") {
		_, err := db.Exec(statement)
		require.NoError(t, err)
	}
	return db
}

func TestRead(t *testing.T) {
	s, err := (&Reader{database(t), "w"}).Read(t.Context())
	require.NoError(t, err)
	require.Equal(t, board.Revision(4), s.Head)
	require.Equal(t, map[string]string{"p": "Sales"}, s.Pipelines)
	require.Equal(t, []Stage{{"s1", "p", "New", "OPEN"}, {"s2", "p", "Won", "WON"}}, s.Stages["p"])
	require.Equal(t, map[string]string{"m": "Ada", "n": "Bo"}, s.Members)
	require.Equal(t, map[string]bool{"m": false}, s.Sees)
	require.Equal(t, []string{"p"}, s.Order)
	require.Equal(t, map[string]string{"c": "Ben B"}, s.Contacts)
	require.Len(t, s.Records, 2)
	require.Equal(t, "r2", s.Columns["s1"][0].ID, "ranks are ordered byte by byte: Z before a")
	require.Equal(t, int64(250), *s.Records["r2"].Value)
	require.Nil(t, s.Records["r1"].Value)
	require.Equal(t, []string{"x"}, s.Records["r1"].Tags)
}

func TestCheckLog(t *testing.T) {
	for name, test := range map[string]struct{ spoil, want string }{
		"whole":           {"SELECT 1", ""},
		"a hole":          {"DELETE FROM changes WHERE revision = 3", "revision 4 where 3 is due"},
		"the end is gone": {"DELETE FROM changes WHERE revision = 4", "ends before 4"},
		"an ordinal":      {"UPDATE changes SET ordinal = 2 WHERE ordinal = 1", "2 changes numbered 0 to 2"},
	} {
		t.Run(name, func(t *testing.T) {
			db := database(t)
			_, err := db.Exec(test.spoil)
			require.NoError(t, err)
			floor, err := (&Reader{db, "w"}).CheckLog(t.Context())
			if test.want == "" {
				require.NoError(t, err)
				require.Equal(t, board.Revision(1), floor)
				return
			}
			require.ErrorContains(t, err, test.want)
		})
	}
}
