import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.io.StringWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.velocity.VelocityContext;
import org.apache.velocity.app.VelocityEngine;

/**
 * Renders mapping templates in Apache Velocity, with the variables that API Gateway gives them.
 *
 * A line on standard input is one case: words of base64, first the template, then name and value of each variable
 * (`body`, `stage.kill`, `query.session`, `header.Origin`, `path.target`, `context.requestId`, `identity.sourceIp`).
 * A line on standard output is its result: the text, and what was overridden, in base64.
 */
public class Render {
  public static final class Input {
    private final String body;
    private final Map<String, Map<String, String>> parameters;

    Input(String body, Map<String, Map<String, String>> parameters) {
      this.body = body;
      this.parameters = parameters;
    }

    public String getBody() {
      return body;
    }

    public Map<String, Map<String, String>> params() {
      return parameters;
    }

    public String params(String name) {
      for (Map<String, String> kind : parameters.values()) {
        if (kind.containsKey(name)) {
          return kind.get(name);
        }
      }
      return "";
    }
  }

  public static final class Util {
    public String base64Encode(String text) {
      return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    public String urlEncode(String text) {
      return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
  }

  public static void main(String[] arguments) throws IOException {
    VelocityEngine engine = new VelocityEngine();
    if (arguments.length > 0) { // version 1 writes a log file otherwise
      engine.setProperty("runtime.log.logsystem.class", arguments[0]);
    }
    engine.init();
    BufferedReader cases = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
    PrintStream results = new PrintStream(System.out, false, StandardCharsets.US_ASCII);
    for (String line = cases.readLine(); line != null; line = cases.readLine()) {
      results.println(rendered(engine, line.split(" ", -1)));
    }
    results.flush();
  }

  private static String rendered(VelocityEngine engine, String[] words) {
    Map<String, Map<String, String>> given = new HashMap<>();
    for (String kind : new String[] {"stage", "query", "header", "path", "context", "identity", ""}) {
      given.put(kind, new LinkedHashMap<>());
    }
    for (int i = 1; i < words.length; i += 2) {
      String name = decoded(words[i]);
      int dot = name.indexOf('.');
      given.get(dot < 0 ? "" : name.substring(0, dot)).put(name.substring(dot + 1), decoded(words[i + 1]));
    }
    Map<String, Map<String, String>> parameters = new LinkedHashMap<>();
    parameters.put("path", given.get("path"));
    parameters.put("querystring", given.get("query"));
    parameters.put("header", given.get("header"));
    Map<String, Object> override = new HashMap<>();
    Map<String, Object> headers = new TreeMap<>();
    override.put("header", headers);
    Map<String, Object> context = new HashMap<>(given.get("context"));
    context.put("identity", given.get("identity"));
    context.put("responseOverride", override);
    VelocityContext variables = new VelocityContext();
    variables.put("input", new Input(given.get("").get("body"), parameters));
    variables.put("util", new Util());
    variables.put("context", context);
    variables.put("stageVariables", given.get("stage"));
    StringWriter text = new StringWriter();
    engine.evaluate(variables, text, "template", decoded(words[0]));
    return encoded(text.toString()) + " " + encoded(override.get("status") + " " + headers);
  }

  private static String decoded(String word) {
    return new String(Base64.getDecoder().decode(word), StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
