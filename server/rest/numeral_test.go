package rest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestANumberHasOneDecimal(t *testing.T) {
	for number, want := range map[string]string{"0": "0", "-0": "0", "0.00": "0", "0e9": "0", "1": "1", "-1": "-1", "12.50": "12.5", "100": "100", "1e3": "1000",
		"1E+3": "1000", "1.50e1": "15", "1.505e1": "15.05", "100e-2": "1", "5e-3": "0.005", "0.05": "0.05", "0.0005e3": "0.5", "-2.5e-1": "-0.25", "10.0": "10",
		"1e40": "", "1e400": "1e400", "-1E400": "-1E400", "1e-400": "1e-400", "1e99999999999999999999": "1e99999999999999999999",
		"0." + strings.Repeat("0", 1000) + "1e1001": "1"} {
		if want == "" {
			want = number
		}
		require.Equal(t, want, decimal(number), number)
	}
}
