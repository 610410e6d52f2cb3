import java.nio.file.Path;
import java.util.Map;
import org.elasticsearch.common.logging.LogConfigurator;
import org.elasticsearch.common.settings.Settings;
import org.elasticsearch.env.Environment;
import org.elasticsearch.node.Node;
import org.elasticsearch.plugins.PluginsLoader;

/**
 * Runs one Elasticsearch node in the foreground: Launcher HOME MODULES [KEY=VALUE...].
 * Where the system property "owner" names a process, the node ends with that process.
 */
public final class Launcher {
    public static void main(String[] arguments) throws Exception {
        endWithOwner(Long.getLong("owner"));
        Path config = Path.of(arguments[0], "config");
        Settings.Builder settings = Settings.builder().put("path.home", arguments[0]);
        for (int i = 2; i < arguments.length; i++) {
            String[] pair = arguments[i].split("=", 2);
            settings.put(pair[0], pair[1]);
        }
        System.setProperty("es.path.conf", config.toString());
        Environment environment = new Environment(settings.build(), config);
        LogConfigurator.configureESLogging();
        LogConfigurator.configure(environment, false);
        Node node = new Node(environment, PluginsLoader.createPluginsLoader(
            PluginsLoader.loadModulesBundles(Path.of(arguments[1])),
            PluginsLoader.loadPluginsBundles(environment.pluginsDir()),
            Map.of()));
        node.start();
        Runtime.getRuntime().addShutdownHook(new Thread(() -> close(node)));
        // The node's own threads do not keep the process alive.
        Thread.currentThread().join();
    }

    /** A killed test run leaves no node behind; this works where there is no prctl(2), too. */
    private static void endWithOwner(Long owner) {
        if (owner != null) {
            ProcessHandle.of(owner).ifPresentOrElse(
                process -> process.onExit().thenRun(() -> System.exit(0)),
                () -> System.exit(0));
        }
    }

    /** The end that a signal asks for is no failure: exit code 0, not 130 or 143. */
    private static void close(Node node) {
        try {
            node.close();
            Runtime.getRuntime().halt(0);
        } catch (Exception error) {
            error.printStackTrace();
        }
    }
}
