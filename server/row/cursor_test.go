package row_test

import (
	"encoding/base64"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/fault"
	"github.com/rapidbott/tideboard/server/row"
)

func TestACursorGivesBackItsKeys(t *testing.T) {
	for _, keys := range [][]any{{}, {"a"}, {nil, "id"}, {"é\n\"", nil, ""}} {
		got, err := row.ReadCursor(row.Cursor("list", keys...), "list", len(keys))
		require.NoError(t, err)
		require.Equal(t, keys, append([]any{}, got...))
	}
	got, err := row.ReadCursor(row.Cursor("list", int64(9007199254740993), true), "list", 2)
	require.NoError(t, err)
	require.Equal(t, []any{json.Number("9007199254740993"), true}, got, "no number is a float")
}

func TestAnythingElseIsABadCursor(t *testing.T) {
	good := row.Cursor("list", "a", "b")
	raw := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, c := range []struct {
		cursor, list string
		n            int
	}{
		{"", "list", 2}, {"%%%", "list", 2}, {good, "other", 2}, {good, "list", 1}, {good, "list", 3}, {good + "!", "list", 2},
		{raw("null"), "list", 2}, {raw("{}"), "list", 2}, {raw("[]"), "list", 2}, {raw(`["list","a"`), "list", 2}, {raw(`[["list"],"a","b"]`), "list", 2},
		{raw(`[{"list":1},"a","b"]`), "list", 2}, {raw(`"list"`), "list", 0}, {raw("\xff\xfe"), "list", 0},
	} {
		_, err := row.ReadCursor(c.cursor, c.list, c.n)
		require.True(t, fault.Is(err, fault.BadCursor), "%q of %q: %v", c.cursor, c.list, err)
		require.Equal(t, "after", fault.Of(err).Details[0].Field)
	}
}

func FuzzReadCursor(f *testing.F) {
	f.Add(row.Cursor("list", "a", 1), 2)
	f.Fuzz(func(t *testing.T, cursor string, n int) {
		keys, err := row.ReadCursor(cursor, "list", n)
		if err == nil && len(keys) != n {
			t.Fatalf("%q gave %d keys, not %d", cursor, len(keys), n)
		}
		if err != nil && !fault.Is(err, fault.BadCursor) {
			t.Fatal(err)
		}
	})
}
