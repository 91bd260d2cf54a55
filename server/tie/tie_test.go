package tie_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/tie"
)

func TestListsGivenStayAsTheyAre(t *testing.T) {
	x, y, z := tie.Link{RecordID: "x"}, tie.Link{RecordID: "y"}, tie.Link{RecordID: "z"}
	have := []tie.Link{x, y}
	other := tie.Link{RecordID: "x", Direction: tie.Incoming}
	require.Equal(t, []tie.Link{other, y}, tie.With(have, other), "one link to a record, in its place")
	require.Equal(t, []tie.Link{x, y, z}, tie.With(have, z))
	require.Equal(t, []tie.Link{y}, tie.Without(have, "x"))
	require.Equal(t, have, tie.Without(have, "z"))
	require.Equal(t, []tie.Link{x, y}, have)
	who := []tie.Participant{{ContactID: "a"}, {ContactID: "b"}}
	require.Equal(t, []tie.Participant{{ContactID: "b"}}, tie.Off(who, "a"))
	require.Equal(t, []tie.Participant{{ContactID: "a"}, {ContactID: "b"}}, who)
}
