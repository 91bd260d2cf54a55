package typeid_test

import (
	"sort"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/typeid"
)

func TestIdsAreOfTheirKindAndSortByTime(t *testing.T) {
	seen, ids := map[string]bool{}, make([]string, 10_000)
	for i := range ids {
		ids[i] = typeid.New(typeid.Record)
		require.Len(t, ids[i], 30)
		require.True(t, typeid.Is(typeid.Record, ids[i]))
		require.Equal(t, "record", typeid.Kind(ids[i]))
		require.False(t, typeid.Is(typeid.Contact, ids[i]))
		require.False(t, seen[ids[i]])
		seen[ids[i]] = true
	}
	require.True(t, sort.StringsAreSorted(ids))
}

func TestEveryKindHasAName(t *testing.T) {
	for prefix, name := range map[string]string{typeid.Workspace: "workspace", typeid.Member: "member", typeid.Pipeline: "pipeline",
		typeid.Stage: "stage", typeid.Record: "record", typeid.Contact: "contact", typeid.Task: "task", typeid.Session: "session", typeid.APIKey: "API key",
		typeid.Mail: "mail"} {
		require.Equal(t, name, typeid.Name(prefix))
		require.Equal(t, name, typeid.Kind(typeid.New(prefix)))
	}
}

func TestWhatIsNoIdHasNoKind(t *testing.T) {
	id := typeid.New(typeid.Record)
	for _, bad := range []string{"", "rec", "rec_", id[:29], id + "0", "xyz" + id[3:], strings.ToUpper(id), "rec-" + id[4:], "rec_8" + id[5:],
		id[:29] + "l", id[:29] + "u", id[:29] + "\x00", "REC" + id[3:], " " + id[1:], id[:10] + "é" + id[12:]} {
		require.Empty(t, typeid.Kind(bad), "%q", bad)
		require.False(t, typeid.Is(typeid.Record, bad), "%q", bad)
	}
}
