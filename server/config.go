package main

import (
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"strings"

	"github.com/rapidbott/tideboard/server/access"
	"github.com/rapidbott/tideboard/server/app"
	"github.com/rapidbott/tideboard/server/crm"
	"github.com/rapidbott/tideboard/server/mail"
	"github.com/rapidbott/tideboard/server/seal"
)

// config reads the environment; docs/operations.md describes every variable.
type config struct {
	app.Config
	host, port string
}

func readConfig() (config, error) {
	level := slog.LevelInfo
	if text := os.Getenv("LOG_LEVEL"); text != "" {
		if err := level.UnmarshalText([]byte(text)); err != nil {
			return config{}, fmt.Errorf("LOG_LEVEL: %w", err)
		}
	}
	c := config{host: env("HOST", "127.0.0.1"), port: env("PORT", "8000")}
	c.Logger = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: level}))
	c.DatabaseURL, c.VarDir = os.Getenv("DATABASE_URL"), env("VAR_DIR", "var")
	page, err := publicURL(os.Getenv("PUBLIC_URL"), c.host, c.port)
	if err != nil {
		return config{}, err
	}
	c.InviteURL = page + "/invitation"
	if list := os.Getenv("ALLOWED_ORIGINS"); list != "" {
		c.Origins = strings.Split(list, ",")
	}
	if n := os.Getenv("MAX_SOCKETS_PER_VIEWER"); n != "" {
		if _, err := fmt.Sscan(n, &c.HTTP.Sockets); err != nil || c.HTTP.Sockets < 1 {
			return config{}, fmt.Errorf("MAX_SOCKETS_PER_VIEWER: %q is not a number above 0", n)
		}
	}
	if c.Caps, err = crm.ParsePlans(os.Getenv("PLAN_LIMITS")); err != nil {
		return config{}, fmt.Errorf("PLAN_LIMITS: %w", err)
	}
	return c, c.readLogins()
}

// readLogins reads what logins need. Of a variable that may be secret an error gives the name alone.
func (c *config) readLogins() (err error) {
	for name := range strings.SplitSeq(os.Getenv("TRUSTED_PROXIES"), ",") {
		if name = strings.TrimSpace(name); name == "" {
			continue
		}
		network, err := netip.ParsePrefix(name)
		if ip, e := netip.ParseAddr(name); e == nil {
			network, err = netip.PrefixFrom(ip, ip.BitLen()), nil
		}
		if err != nil {
			return fmt.Errorf("TRUSTED_PROXIES: %q is neither an address nor a network", name)
		}
		c.Proxies = append(c.Proxies, network)
	}
	if c.Box, err = seal.Load(os.Getenv("ENCRYPTION_KEY"), c.VarDir); err != nil {
		return err
	}
	if c.SMTP, err = mail.ConfigFrom(os.Getenv); err != nil {
		return err
	}
	if c.Embed, err = embedKeys(); err != nil {
		return err
	}
	plans, err := access.ParsePlans(env("PLAN_RANKS", access.DefaultPlans), env("PLAN_MINIMUM", access.DefaultMinimum))
	if err != nil {
		return fmt.Errorf("PLAN_RANKS, PLAN_MINIMUM: %w", err)
	}
	c.Plans = &plans
	c.Partner.BaseURL, c.Partner.Token = os.Getenv("RAPIDBOTT_API_BASE_URL"), os.Getenv("RAPIDBOTT_API_TOKEN")
	c.PartnerMails = c.Partner.BaseURL != ""
	ip, err := netip.ParseAddr(c.host)
	c.Mailbox = c.host == "localhost" || err == nil && ip.IsLoopback()
	return nil
}

// publicURL is where people reach the application, without a slash at its end; unless told, where this server listens.
func publicURL(text, host, port string) (string, error) {
	if text == "" {
		if ip, err := netip.ParseAddr(host); host == "" || err == nil && ip.IsUnspecified() {
			host = "localhost"
		}
		return "http://" + net.JoinHostPort(host, port), nil
	}
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.User != nil || strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.Fragment != "" {
		return "", fmt.Errorf("PUBLIC_URL: %q is not an address like https://crm.example.com", text)
	}
	return u.Scheme + "://" + u.Host, nil
}

// embedKeys reads the secrets of embed tokens; the first name wins.
func embedKeys() (access.EmbedKeys, error) {
	keys, err := access.NewEmbedKeys(env("CRM_EMBED_TOKEN_SECRET", os.Getenv("RAPIDBOTT_CRM_EMBED_TOKEN_SECRET")),
		os.Getenv("CRM_EMBED_TOKEN_SECRET_PREVIOUS"))
	if err != nil {
		return keys, fmt.Errorf("CRM_EMBED_TOKEN_SECRET: %w", err)
	}
	return keys, nil
}

func env(name, otherwise string) string {
	if v := os.Getenv(name); v != "" {
		return v
	}
	return otherwise
}
