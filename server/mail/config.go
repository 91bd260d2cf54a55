package mail

import (
	"fmt"
	"net"
	netmail "net/mail"
	"net/netip"
	"strconv"
	"strings"
)

// The ways to a mail server.
const (
	// StartTLS begins in the clear and turns to TLS before anything is said; a server without it is refused.
	StartTLS = "starttls"
	// ImplicitTLS is TLS from the first byte.
	ImplicitTLS = "implicit"
	// NoTLS is for a server on the loopback interface.
	NoTLS = "none"
)

var defaultPorts = map[string]int{StartTLS: 587, ImplicitTLS: 465, NoTLS: 25}

// Config says how mails leave; docs/mail.md describes the variables it is read from.
type Config struct {
	// From is the sender of every mail, with its name if it has one.
	From netmail.Address
	// Host is empty when there is no mail server.
	Host           string
	Port           int
	User, Password string
	TLS            string
}

// ConfigFrom reads MAIL_FROM, SMTP_HOST, SMTP_PORT, SMTP_USER, SMTP_PASSWORD and SMTP_TLS. It fails with the name of the
// variable that is wrong, never with a value that may be secret.
func ConfigFrom(getenv func(name string) string) (Config, error) {
	c := Config{Host: strings.TrimSpace(getenv("SMTP_HOST")), User: getenv("SMTP_USER"), Password: getenv("SMTP_PASSWORD"),
		TLS: or(strings.ToLower(getenv("SMTP_TLS")), StartTLS)}
	if text := getenv("MAIL_FROM"); text != "" {
		from, err := netmail.ParseAddress(text)
		if err != nil || !ValidAddress(from.Address) || !printable(from.Name) {
			return Config{}, fmt.Errorf("MAIL_FROM: %q is not an address like Tideboard <crm@example.com>", text)
		}
		c.From = *from
	}
	port, ok := defaultPorts[c.TLS]
	if !ok {
		return Config{}, fmt.Errorf("SMTP_TLS: %q is none of %s, %s, %s", c.TLS, StartTLS, ImplicitTLS, NoTLS)
	}
	c.Port = port
	if text := getenv("SMTP_PORT"); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 1 || n > 65535 {
			return Config{}, fmt.Errorf("SMTP_PORT: %q is not a port", text)
		}
		c.Port = n
	}
	return c, c.check(getenv)
}

func (c Config) check(getenv func(name string) string) error {
	if c.Host == "" {
		for _, name := range []string{"SMTP_PORT", "SMTP_USER", "SMTP_PASSWORD", "SMTP_TLS"} {
			if getenv(name) != "" {
				return fmt.Errorf("%s is set without SMTP_HOST", name)
			}
		}
		return nil
	}
	switch {
	case !printable(c.Host) || strings.ContainsAny(c.Host, " /@") || strings.Contains(c.Host, ":") && net.ParseIP(c.Host) == nil:
		return fmt.Errorf("SMTP_HOST: %q is not the name of a host", c.Host)
	case c.From.Address == "":
		return fmt.Errorf("MAIL_FROM must be set with SMTP_HOST")
	case (c.User == "") != (c.Password == ""):
		return fmt.Errorf("SMTP_USER and SMTP_PASSWORD go together")
	case c.TLS == NoTLS && !loopback(c.Host):
		return fmt.Errorf("SMTP_TLS: %s is for a server on this machine", NoTLS)
	}
	return nil
}

// SMTP gives the sender of the mail server; nil when there is none.
func (c Config) SMTP() *SMTP {
	if c.Host == "" {
		return nil
	}
	return &SMTP{Config: c}
}

// loopback is whether a host is this machine by its very name.
func loopback(host string) bool {
	if host == "localhost" {
		return true
	}
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}
