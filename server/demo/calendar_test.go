package demo_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/rapidbott/tideboard/server/demo"
)

// TestAnyHourWillDo plans for anchors of all days of the week and the year, changes of summer time among them.
func TestAnyHourWillDo(t *testing.T) {
	for n := range 48 {
		at := anchor.Add(time.Duration(n) * 187 * time.Hour)
		last := at.AddDate(0, 0, -120)
		instants, err := demo.Instants(at)
		require.NoError(t, err)
		for _, i := range instants {
			require.True(t, i.After(last), "%s: %s is not after %s", at, i, last)
			last = i
		}
		require.False(t, last.After(at), "%s is after %s", last, at)
		require.Less(t, at.Sub(last), 45*time.Hour)
	}
}
