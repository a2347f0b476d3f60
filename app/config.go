package app

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"net/url"
	"path/filepath"
	"strings"
	"time"

	"github.com/caarlos0/env/v11"
)

// Config is everything the environment can say. Each field's variable begins with TIAOJIE_.
type Config struct {
	Addr           string   `env:"ADDR" envDefault:"127.0.0.1:8080"`
	MetricsAddr    string   `env:"METRICS_ADDR" envDefault:""`
	Data           string   `env:"DATA" envDefault:"data"`
	DatabaseURL    string   `env:"DATABASE_URL"`
	KeyFile        string   `env:"KEY_FILE"`
	BaseURL        string   `env:"BASE_URL"`
	Street         string   `env:"STREET" envDefault:"宝龙街道"`
	AuthProfile    string   `env:"AUTH_PROFILE" envDefault:"djbh3"`
	TrustedProxies []string `env:"TRUSTED_PROXIES"`
	Clock          func() time.Time
	Demo           bool // the demonstration: says so on every page, carries no messages out
	Relaxed        bool // filling only: commits don't wait for the disk
}

// LoadConfig reads the environment.
func LoadConfig() (Config, error) {
	var c Config
	if err := env.ParseWithOptions(&c, env.Options{Prefix: "TIAOJIE_"}); err != nil {
		return c, fmt.Errorf("环境变量有误：%w", err)
	}
	c.fill()
	return c, nil
}

// fill derives what was left open from what was given.
func (c *Config) fill() {
	if c.KeyFile == "" {
		c.KeyFile = filepath.Join(c.Data, "keys", "keys.json")
	}
	if c.DatabaseURL == "" {
		c.DatabaseURL = filepath.Join(c.Data, "tiaojie.db")
	}
	if c.BaseURL == "" {
		c.BaseURL = "http://" + c.Addr
	}
	c.BaseURL = strings.TrimSuffix(c.BaseURL, "/")
}

// Secure tells whether people reach the server over TLS.
func (c Config) Secure() bool { return strings.HasPrefix(c.BaseURL, "https://") }

// Check refuses what would put passwords or case files on the wire in clear:
// listening beyond loopback without TLS in front (等保 8.1.4.1 c).
func (c Config) Check() error {
	host, _, err := net.SplitHostPort(c.Addr)
	if err != nil {
		return fmt.Errorf("监听地址 %q 有误：%w", c.Addr, err)
	}
	ip, err := netip.ParseAddr(host)
	loopback := host == "localhost" || err == nil && ip.IsLoopback()
	if !loopback && !c.Secure() && !c.Demo {
		return errors.New("监听非本机地址时，必须由 TLS 代理对外服务：请把 TIAOJIE_BASE_URL 设为 https:// 开头的网址，" +
			"并用 TIAOJIE_TRUSTED_PROXIES 写明代理的地址段")
	}
	if _, err := c.proxies(); err != nil {
		return err
	}
	if c.AuthProfile != "djbh3" && c.AuthProfile != "asvs" {
		return fmt.Errorf("TIAOJIE_AUTH_PROFILE 只能是 djbh3 或 asvs，现在是 %q", c.AuthProfile)
	}
	return nil
}

func (c Config) proxies() ([]netip.Prefix, error) {
	var out []netip.Prefix
	for _, text := range c.TrustedProxies {
		p, err := netip.ParsePrefix(text)
		if err != nil {
			return nil, fmt.Errorf("TIAOJIE_TRUSTED_PROXIES: %w", err)
		}
		out = append(out, p)
	}
	return out, nil
}

// Lines describes the configuration for an operator, without secrets.
func (c Config) Lines() []string {
	return []string{
		"监听地址 TIAOJIE_ADDR = " + c.Addr,
		"监控地址 TIAOJIE_METRICS_ADDR = " + or(c.MetricsAddr, "（未开启）"),
		"数据目录 TIAOJIE_DATA = " + c.Data,
		"数据库 TIAOJIE_DATABASE_URL = " + withoutPassword(c.DatabaseURL),
		"密钥文件 TIAOJIE_KEY_FILE = " + c.KeyFile,
		"对外网址 TIAOJIE_BASE_URL = " + c.BaseURL,
		"街道名称 TIAOJIE_STREET = " + c.Street,
		"口令规则 TIAOJIE_AUTH_PROFILE = " + c.AuthProfile,
		"可信代理 TIAOJIE_TRUSTED_PROXIES = " + or(strings.Join(c.TrustedProxies, ","), "（无）"),
	}
}

func or(text, otherwise string) string {
	if text == "" {
		return otherwise
	}
	return text
}

func withoutPassword(address string) string {
	u, err := url.Parse(address)
	if err != nil || u.User == nil {
		return address
	}
	return u.Redacted()
}
